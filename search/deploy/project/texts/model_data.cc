#include "model_data.h"

alignas(16) extern const unsigned char g_@name@_model_data[] = {
@values@
};
