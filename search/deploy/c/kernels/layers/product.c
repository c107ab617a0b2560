/* Product, element by element: per axis the length and the steps of both factors. */
typedef struct {
  Size lengths[4], steps_a[4], steps_b[4];
  int16_t zero_a, zero_b, output_zero;
  int32_t significand;
  int8_t shift, low, high;
} Product;

static int8_t multiplied(const FLASH Product *m, int8_t a, int8_t b) {
  const int32_t x = (int32_t)(a - m->zero_a) * (b - m->zero_b);
  return clamped(rescaled(x, m->significand, m->shift) + m->output_zero, m->low, m->high);
}

static void multiply(const FLASH Product *m, const int8_t *a, const int8_t *b, int8_t *y) {
  for (Size i = 0; i < m->lengths[0]; ++i) {
    for (Size j = 0; j < m->lengths[1]; ++j) {
      for (Size k = 0; k < m->lengths[2]; ++k) {
        const int8_t *p = a + i * m->steps_a[0] + j * m->steps_a[1] + k * m->steps_a[2];
        const int8_t *q = b + i * m->steps_b[0] + j * m->steps_b[1] + k * m->steps_b[2];
        for (Size l = 0; l < m->lengths[3]; ++l) *y++ = multiplied(m, p[l * m->steps_a[3]], q[l * m->steps_b[3]]);
      }
    }
  }
}
