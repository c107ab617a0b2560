/* A neural network of 8-bit integers: @shape@ in, @out_shape@ out, @layers@ layers.
   No heap, no dependencies. Arithmetic: @profile@, the bytes that TensorFlow Lite Micro gives. */
#ifndef NET_H
#define NET_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NET_INPUT_SIZE @input@
#define NET_OUTPUT_SIZE @output@
#define NET_LAYERS @layers@
#define NET_ARENA_BYTES @arena@ /* the one static buffer, input and output included */

/* A code q stands for (q - zero) * scale. */
#define NET_INPUT_SCALE @scale@
#define NET_INPUT_ZERO (@zero@)
#define NET_OUTPUT_SCALE @out_scale@
#define NET_OUTPUT_ZERO (@out_zero@)

/* Constants stay in flash; on AVR that takes an address space of its own, which C++ does not know. */
#ifndef NET_FLASH
#if defined(__AVR__) && defined(__FLASH)
#define NET_FLASH __flash
#else
#define NET_FLASH
#endif
#endif

/* Write NET_INPUT_SIZE codes here, channels last; then call net_invoke; then read NET_OUTPUT_SIZE codes there.
   All of them lie in one buffer: write the whole input before every call. */
int8_t *net_input(void);
void net_invoke(void);
const int8_t *net_output(void);

/* The code of a real value of the input, as the network was trained on it; and the whole input from such values. */
int8_t net_quantise(float value);
void net_set_input(const float *values);
@pixels@
/* After net_invoke: the class, the first of those that tie (of one output: whether it is on), and its probability in
   per cent. */
int16_t net_class(void);
uint8_t net_confidence(void);
@labels@
/* With NET_TRACE defined, net_layer_done is called after every layer with its values; write it yourself. */
#ifdef NET_TRACE
void net_layer_done(uint16_t layer, const int8_t *values, uint32_t count);
#endif

#ifdef __cplusplus
}
#endif

#endif
