/* Mean or sum: `kept` and `gone` are (length, step) of the axes that stay and of those that are summed up. */
typedef struct {
  Size kept[2][2], gone[2][2];
  int32_t zeros, significand;
  int8_t shift;
  int16_t output_zero;
} Reduction;

static void reduce(const FLASH Reduction *r, const int8_t *x, int8_t *y) {
  for (Size a = 0; a < r->kept[0][0]; ++a) {
    for (Size b = 0; b < r->kept[1][0]; ++b) {
      const int8_t *from = x + a * r->kept[0][1] + b * r->kept[1][1];
      int32_t sum = 0;
      for (Size c = 0; c < r->gone[0][0]; ++c) {
        for (Size d = 0; d < r->gone[1][0]; ++d) sum += from[c * r->gone[0][1] + d * r->gone[1][1]];
      }
      *y++ = clamped(rescaled(sum - r->zeros, r->significand, r->shift) + r->output_zero, -128, 127);
    }
  }
}
