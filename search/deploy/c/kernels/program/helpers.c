
/* Divided by the scale, to the nearest code, halves away from zero. */
int8_t net_quantise(float value) {
  float x = value / NET_INPUT_SCALE;
  if (!(x > @low@)) x = @low@;
  if (x > @high@) x = @high@;
  int16_t code = (int16_t)x;
  const float rest = x - (float)code;
  if (rest >= 0.5f) ++code;
  if (rest <= -0.5f) --code;
  return (int8_t)(code + NET_INPUT_ZERO);
}

void net_set_input(const float *values) {
  int8_t *input = net_input();
  for (Size i = 0; i < NET_INPUT_SIZE; ++i) input[i] = net_quantise(values[i]);
}
@pixels@
int16_t net_class(void) {
  const @type@ *y = (const @type@ *)net_output();
#if NET_OUTPUT_SIZE == 1
  return y[0] > @threshold@;
#else
  int16_t best = 0;
  for (int16_t c = 1; c < NET_OUTPUT_SIZE; ++c) {
    if (y[c] > y[best]) best = c;
  }
  return best;
#endif
}

@confidence@@labels@
