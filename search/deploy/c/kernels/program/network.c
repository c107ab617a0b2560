#include "@name@.h"

#define FLASH NET_FLASH
#ifdef NET_TRACE
#define DONE(layer, values, count) net_layer_done(layer, values, count)
#else
#define DONE(layer, values, count) ((void)0)
#endif

typedef @size@ Size;

@externs@

@kernels@
/* The layers. */

@records@

static int8_t arena[NET_ARENA_BYTES];

int8_t *net_input(void) { return @input@; }

const int8_t *net_output(void) { return @output@; }

void net_invoke(void) {
@calls@
}
@helpers@
