static int32_t dot(const int8_t *x, const FLASH int8_t *w, Size n) {
  int32_t sum = 0;
  for (; n >= 4; n -= 4, x += 4, w += 4) {
    sum += (int16_t)(x[0] * w[0]);
    sum += (int16_t)(x[1] * w[1]);
    sum += (int16_t)(x[2] * w[2]);
    sum += (int16_t)(x[3] * w[3]);
  }
  while (n-- > 0) sum += (int16_t)(*x++ * *w++);
  return sum;
}
