// Classifies an input over and over, and prints the class, its probability and the time it took.
#include <@name@.h>

void setup() {
  Serial.begin(115200);
}

void loop() {
  // Here the readings of your sensor go: @NAME@_INPUT_SIZE values as the network was trained on, each turned into a
  // code by @name@_quantise(value). This example classifies zeros.
  int8_t *input = @name@_input();
  for (int32_t i = 0; i < @NAME@_INPUT_SIZE; ++i) input[i] = @name@_quantise(0.0f);

  const uint32_t begin = micros();
  @name@_invoke();
  const uint32_t spent = micros() - begin;

  Serial.print("class ");
  Serial.print(@label@);
  Serial.print(", ");
  Serial.print(@name@_confidence());
  Serial.print(" %, ");
  Serial.print(spent);
  Serial.println(" us");
  delay(1000);
}
