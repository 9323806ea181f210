// What the fuzzer's addon wants of glibc 2.38 and libstdc++ 13, for machines that have older ones.
#include <cstdlib>
#include <ios>
extern "C" long __isoc23_strtol(const char *text, char **end, int base) { return strtol(text, end, base); }
extern "C" unsigned long __isoc23_strtoul(const char *text, char **end, int base) {
  return strtoul(text, end, base);
}
namespace std {
void ios_base_library_initv() { static ios_base::Init once; }
}  // namespace std
