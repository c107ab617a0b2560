/* Sum or difference, element by element: per axis the length and the steps of both terms. */
typedef struct {
  Size lengths[4], steps_a[4], steps_b[4];
  int16_t zero_a, zero_b, output_zero;
  int32_t significand_a, significand_b, significand;
  int8_t shift_a, shift_b, shift, sign, low, high;
} Sum;

static int8_t summed(const FLASH Sum *s, int8_t a, int8_t b) {
  const int32_t x = rescaled((a - s->zero_a) * (INT32_C(1) << 20), s->significand_a, s->shift_a);
  const int32_t y = rescaled((b - s->zero_b) * (INT32_C(1) << 20), s->significand_b, s->shift_b);
  return clamped(rescaled(x + s->sign * y, s->significand, s->shift) + s->output_zero, s->low, s->high);
}

static void add(const FLASH Sum *s, const int8_t *a, const int8_t *b, int8_t *y) {
  for (Size i = 0; i < s->lengths[0]; ++i) {
    for (Size j = 0; j < s->lengths[1]; ++j) {
      for (Size k = 0; k < s->lengths[2]; ++k) {
        const int8_t *p = a + i * s->steps_a[0] + j * s->steps_a[1] + k * s->steps_a[2];
        const int8_t *q = b + i * s->steps_b[0] + j * s->steps_b[1] + k * s->steps_b[2];
        for (Size l = 0; l < s->lengths[3]; ++l) *y++ = summed(s, p[l * s->steps_a[3]], q[l * s->steps_b[3]]);
      }
    }
  }
}
