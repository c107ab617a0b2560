/* What the self-test takes from the simulated board. */
#include <stdint.h>

void board_print(const char *text);
uint32_t board_clock(void);
