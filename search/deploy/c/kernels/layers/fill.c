static void fill(int8_t *y, int8_t value, Size n) {
  while (n-- > 0) *y++ = value;
}
