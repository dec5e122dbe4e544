/* For trials under Wine 8 only, never shipped: what Windows 10 has and this Wine lacks.
 * bcryptprimitives.dll: random bytes for Rust's standard library. icuuc.dll: converters Qt asks for and does without.
 * mscms.dll: Wine's own ends the process in WcsCreateIccProfile. Built by trial.sh, one by one. */
#include <windows.h>
#define X __declspec(dllexport)
#if defined(ICUUC)
#define UNSUPPORTED 16
typedef int Error;
X void *ucnv_open(const char *name, Error *error) { (void)name; *error = 2; return 0; }
X void ucnv_close(void *c) { (void)c; }
X void UCNV_FROM_U_CALLBACK_SUBSTITUTE(void) {}
X void UCNV_TO_U_CALLBACK_SUBSTITUTE(void) {}
X void ucnv_reset(void *c) { (void)c; }
X signed char ucnv_getMaxCharSize(const void *c) { (void)c; return 1; }
X const char *ucnv_getName(const void *c, Error *e) { (void)c; *e = UNSUPPORTED; return ""; }
X void ucnv_getToUCallBack(const void *c, void **a, const void **x) { (void)c; *a = 0; *x = 0; }
X void ucnv_getFromUCallBack(const void *c, void **a, const void **x) { (void)c; *a = 0; *x = 0; }
X void ucnv_setToUCallBack(void *c, void *a, const void *x, void **oa, const void **ox, Error *e) { (void)c; (void)a; (void)x; (void)oa; (void)ox; *e = UNSUPPORTED; }
X void ucnv_setFromUCallBack(void *c, void *a, const void *x, void **oa, const void **ox, Error *e) { (void)c; (void)a; (void)x; (void)oa; (void)ox; *e = UNSUPPORTED; }
X void ucnv_cbToUWriteUChars(void *a, const void *s, int n, int o, Error *e) { (void)a; (void)s; (void)n; (void)o; *e = UNSUPPORTED; }
X void ucnv_cbFromUWriteUChars(void *a, const void **s, const void *l, int o, Error *e) { (void)a; (void)s; (void)l; (void)o; *e = UNSUPPORTED; }
X void ucnv_toUnicode(void) {}
X void ucnv_fromUnicode(void) {}
X int ucnv_toUCountPending(const void *c, Error *e) { (void)c; *e = UNSUPPORTED; return 0; }
X int ucnv_fromUCountPending(const void *c, Error *e) { (void)c; *e = UNSUPPORTED; return 0; }
X const char *ucnv_getStandardName(const char *n, const char *s, Error *e) { (void)n; (void)s; *e = UNSUPPORTED; return 0; }
X const char *ucnv_getAvailableName(int n) { (void)n; return 0; }
X int ucnv_countAvailable(void) { return 0; }
#elif defined(MSCMS)
X int WINAPI GetColorProfileFromHandle(void *h, void *p, unsigned *n) { (void)h; (void)p; (void)n; return 0; }
X int WINAPI CloseColorProfile(void *h) { (void)h; return 1; }
X void *WINAPI WcsCreateIccProfile(void *h, unsigned o) { (void)h; (void)o; return 0; }
X void *WINAPI OpenColorProfileW(void *p, unsigned a, unsigned s, unsigned c) { (void)p; (void)a; (void)s; (void)c; return 0; }
#elif defined(BCRYPTPRIMITIVES)
BOOLEAN NTAPI SystemFunction036(void *data, unsigned long length);
X BOOL WINAPI ProcessPrng(unsigned char *data, SIZE_T length) { return SystemFunction036(data, (unsigned long)length); }
#endif
