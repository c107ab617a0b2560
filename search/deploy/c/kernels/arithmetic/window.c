/* Windows over a map of (height, width, channels): `top` rows and `left` columns lie before the first one. */
typedef struct {
  Size height, width, channels, out_height, out_width;
  Size kernel_height, kernel_width, stride_y, stride_x, dilation_y, dilation_x, top, left;
} Window;
