/* Reads inputs from standard input until it ends; writes the values of every layer to standard output. */
#include <stdio.h>

#include "@name@.h"

void net_layer_done(uint16_t layer, const int8_t *values, uint32_t count) {
  (void)layer;
  fwrite(values, 1, count, stdout);
}

int main(void) {
  while (fread(net_input(), 1, NET_INPUT_SIZE, stdin) == NET_INPUT_SIZE) {
    net_invoke();
    fputc((int)net_class() & 255, stdout);
    fputc((int)net_class() >> 8 & 255, stdout);
    fputc(net_confidence(), stdout);
  }
  return ferror(stdout) ? 1 : 0;
}
