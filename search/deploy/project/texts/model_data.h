// The model as an array: @bytes@ bytes of flash (the text of model_data.cc is longer).
#pragma once

constexpr unsigned int g_@name@_model_data_size = @bytes@;
extern const unsigned char g_@name@_model_data[];
