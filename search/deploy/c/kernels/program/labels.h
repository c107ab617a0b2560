/* The name of a class. */
const char *net_label(int16_t number);
