/* Copies values: per axis the length and the steps from one to the next in both places. */
typedef struct {
  Size lengths[4], from[4], to[4];
} Motion;

static void move(const FLASH Motion *m, const int8_t *x, int8_t *y) {
  for (Size i = 0; i < m->lengths[0]; ++i) {
    for (Size j = 0; j < m->lengths[1]; ++j) {
      for (Size k = 0; k < m->lengths[2]; ++k) {
        const int8_t *p = x + i * m->from[0] + j * m->from[1] + k * m->from[2];
        int8_t *q = y + i * m->to[0] + j * m->to[1] + k * m->to[2];
        for (Size l = 0; l < m->lengths[3]; ++l) q[l * m->to[3]] = p[l * m->from[3]];
      }
    }
  }
}
