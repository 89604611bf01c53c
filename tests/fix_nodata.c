/* fix_nodata.c - exports a function where the descriptor should be. */
__attribute__((visibility("default"))) int accord_plugin_entry(void);

int accord_plugin_entry(void) {
    return 0;
}
