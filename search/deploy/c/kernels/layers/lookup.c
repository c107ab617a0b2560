/* A function of one value, as the output's byte for each byte of the input. */
static void look_up(const FLASH uint8_t *table, const int8_t *x, int8_t *y, Size n) {
  while (n-- > 0) *y++ = (int8_t)table[(uint8_t)*x++];
}
