/* The whole input from pixels of 0 to 255. */
void net_set_pixels(const uint8_t *pixels);
