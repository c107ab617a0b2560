// Runs the model with TensorFlow Lite Micro. Not compiled where it was written: that takes TFLM's sources.
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "model_data.h"
#include "tensorflow/lite/micro/micro_interpreter.h"
#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"
#include "tensorflow/lite/schema/schema_generated.h"

// Exactly the operators of the model.
using Resolver = tflite::MicroMutableOpResolver<@count@>;

static TfLiteStatus AddOperators(Resolver& resolver) {
@adds@
  return kTfLiteOk;
}

// @arena@ bytes as computed for 32-bit targets by TFLM's own planner, and a margin.
constexpr size_t kArenaBytes = @arena_margin@;
alignas(16) static uint8_t arena[kArenaBytes];

// The code of a real value of the input.
int8_t Quantise(float value) {
  const float code = std::round(value / @scale@) + (@zero@);
  return static_cast<int8_t>(code < @low@ ? @low@ : code > @high@ ? @high@ : code);
}

int main() {
  static Resolver resolver;
  if (AddOperators(resolver) != kTfLiteOk) return 1;
  static tflite::MicroInterpreter interpreter(tflite::GetModel(g_@name@_model_data), resolver, arena, kArenaBytes);
  if (interpreter.AllocateTensors() != kTfLiteOk) return 1;
  TfLiteTensor* input = interpreter.input(0);
  for (size_t i = 0; i < input->bytes; ++i) input->data.int8[i] = Quantise(0.0f);  // your readings here
  if (interpreter.Invoke() != kTfLiteOk) return 1;
  const TfLiteTensor* output = interpreter.output(0);
  for (size_t i = 0; i < output->bytes; ++i) std::printf("%d ", output->data.int8[i]);
  std::printf("\n");
  return 0;
}
