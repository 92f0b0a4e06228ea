#include "cmd/commands.h"
static const struct option_def od[] = { { 0 } };
const struct command command_capture = { .name = "capture",
					 .args = "",
					 .summary = "",
					 .description = "",
					 .options = od };
