/* A plugin for g++ that makes precompiled headers: `#pragma aibench instantiate`.
 *
 * What templates the functions of a header use is instantiated where a translation unit ends, which a
 * precompiled header never reaches: without this, every program pays for it anew. */
#include "gcc-plugin.h"
#include "tree.h"
#include "c-family/c-pragma.h"
#include "cp/cp-tree.h"

int plugin_is_GPL_compatible;

static void instantiate(cpp_reader *) { instantiate_pending_templates(0); }

static void add_pragma(void *, void *) { c_register_pragma("aibench", "instantiate", instantiate); }

int plugin_init(plugin_name_args *plugin, plugin_gcc_version *) {
  register_callback(plugin->base_name, PLUGIN_PRAGMAS, add_pragma, nullptr);
  return 0;
}
