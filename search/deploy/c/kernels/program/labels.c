
const char *net_label(int16_t number) {
  static const char *const labels[] = {
@texts@
  };
  return number >= 0 && number < (int16_t)(sizeof labels / sizeof labels[0]) ? labels[number] : "?";
}
