/* What layers with weights share: a bias, a significand and a shift for each output channel. */

typedef struct {
  const FLASH int8_t *weights;
  const FLASH int32_t *bias, *significand;
  const FLASH int8_t *shift;
  int16_t input_zero, output_zero;
  int8_t low, high;
} Weighted;

static int8_t finished(const FLASH Weighted *w, Size c, int32_t sum) {
  return clamped(rescaled(sum, w->significand[c], w->shift[c]) + w->output_zero, w->low, w->high);
}
