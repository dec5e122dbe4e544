/* Runtime of the AppImage (type 2), built only from what Debian 12 ships:
 *   libsquashfuse-dev (BSD-2, static)  libfuse3-dev (LGPL-2.1, static)  zlib  zstd
 * lzo/lz4/lzma are stubbed out below so GPL liblzo2 is never linked in.
 * Layout of the finished file:  [this ELF][squashfs image]  with 'A' 'I' 2 at byte 8.
 */
#define _GNU_SOURCE
#define FUSE_USE_VERSION 32
#include <squashfuse/ll.h>
#include <squashfuse/squashfuse.h>
#include <squashfuse/traverse.h>
#include <squashfuse/file.h>
#include <squashfuse/util.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <ftw.h>

#ifndef RUNTIME_VERSION
#define RUNTIME_VERSION "0-dev"
#endif

/* sections other AppImage tools look for (update information, GPG signature) */
__attribute__((used, section(".upd_info"))) static const char upd_info[1024] = {0};
__attribute__((used, section(".sha256_sig"))) static const char sha256_sig[1024] = {0};
__attribute__((used, section(".sig_key"))) static const char sig_key[8192] = {0};
__attribute__((used, section(".digest_md5"))) static const char digest_md5[16] = {0};

/* --- decompressors we do not want in the binary --------------------------------------- */
int lzo1x_decompress_safe(const void *s, size_t n, void *d, size_t *m, void *w)
{ (void)s; (void)n; (void)d; (void)m; (void)w; return -1; }
int LZ4_decompress_safe(const char *s, char *d, int n, int m)
{ (void)s; (void)d; (void)n; (void)m; return -1; }
int lzma_stream_buffer_decode(uint64_t *a, uint32_t f, const void *al, const uint8_t *i, size_t *ip,
                              size_t is, uint8_t *o, size_t *op, size_t os)
{ (void)a; (void)f; (void)al; (void)i; (void)ip; (void)is; (void)o; (void)op; (void)os; return 11; }

static void die(const char *what) { fprintf(stderr, "AppImage: %s: %s\n", what, strerror(errno)); exit(127); }

static off_t elf_size(const char *path)
{
    Elf64_Ehdr h;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || pread(fd, &h, sizeof h, 0) != (ssize_t)sizeof h) die(path);
    off_t end = (off_t)h.e_shoff + (off_t)h.e_shentsize * h.e_shnum;
    for (int i = 0; i < h.e_shnum; i++) {             /* sections may lie behind the header table */
        Elf64_Shdr s;
        if (pread(fd, &s, sizeof s, (off_t)h.e_shoff + (off_t)i * h.e_shentsize) != (ssize_t)sizeof s) die(path);
        if (s.sh_type != SHT_NOBITS && (off_t)(s.sh_offset + s.sh_size) > end) end = (off_t)(s.sh_offset + s.sh_size);
    }
    close(fd);
    return end;
}

static int print_section(const char *path, const char *name)
{
    Elf64_Ehdr h; Elf64_Shdr st, s; char names[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || pread(fd, &h, sizeof h, 0) != (ssize_t)sizeof h) die(path);
    if (pread(fd, &st, sizeof st, (off_t)(h.e_shoff + (size_t)h.e_shentsize * h.e_shstrndx)) != (ssize_t)sizeof st) die(path);
    size_t n = st.sh_size < sizeof names - 1 ? st.sh_size : sizeof names - 1;
    if (pread(fd, names, n, (off_t)st.sh_offset) != (ssize_t)n) die(path);
    names[n] = 0;
    for (int i = 0; i < h.e_shnum; i++) {
        if (pread(fd, &s, sizeof s, (off_t)(h.e_shoff + (size_t)h.e_shentsize * i)) != (ssize_t)sizeof s) die(path);
        if (s.sh_name < n && !strcmp(names + s.sh_name, name)) {
            char *b = calloc(1, s.sh_size + 1);
            if (pread(fd, b, s.sh_size, (off_t)s.sh_offset) < 0) die(path);
            puts(b); return 0;
        }
    }
    return 1;
}

/* --- extraction ------------------------------------------------------------------------ */
static int extract(const char *image, off_t off, const char *dest, int verbose)
{
    sqfs fs; sqfs_traverse trv; sqfs_err err; sqfs_inode root;
    if (sqfs_open_image(&fs, image, (size_t)off)) return 1;
    if (sqfs_inode_get(&fs, &root, sqfs_inode_root(&fs))) return 1;
    if (mkdir(dest, 0700) && errno != EEXIST) die(dest);
    if (sqfs_traverse_open(&trv, &fs, sqfs_inode_root(&fs))) return 1;
    size_t cap = 1 << 20; char *buf = malloc(cap);
    while (sqfs_traverse_next(&trv, &err)) {
        if (trv.dir_end) continue;
        char out[PATH_MAX]; sqfs_inode in;
        if (snprintf(out, sizeof out, "%s/%s", dest, trv.path) >= (int)sizeof out) return 1;
        if (sqfs_inode_get(&fs, &in, sqfs_dentry_inode(&trv.entry))) return 1;
        int mode = in.base.mode & 0777;
        switch (in.base.inode_type) {
        case SQUASHFS_DIR_TYPE: case SQUASHFS_LDIR_TYPE:
            if (mkdir(out, (mode_t)mode | 0700) && errno != EEXIST) die(out);
            break;
        case SQUASHFS_REG_TYPE: case SQUASHFS_LREG_TYPE: {
            int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
            if (fd < 0) die(out);
            uint64_t left = in.xtra.reg.file_size, pos = 0;
            while (left) {
                sqfs_off_t n = left < cap ? (sqfs_off_t)left : (sqfs_off_t)cap;
                if (sqfs_read_range(&fs, &in, (sqfs_off_t)pos, &n, buf) || n <= 0) { errno = EIO; die(out); }
                if (write(fd, buf, (size_t)n) != n) die(out);
                pos += (uint64_t)n; left -= (uint64_t)n;
            }
            close(fd);
            break; }
        case SQUASHFS_SYMLINK_TYPE: case SQUASHFS_LSYMLINK_TYPE: {
            char l[PATH_MAX]; size_t n = sizeof l;
            if (sqfs_readlink(&fs, &in, l, &n)) return 1;
            unlink(out);
            if (symlink(l, out)) die(out);
            break; }
        default: break;                                 /* no devices, fifos or sockets */
        }
        if (verbose) puts(out);
    }
    sqfs_traverse_close(&trv);
    free(buf);
    return err ? 1 : 0;
}

static int rm_cb(const char *p, const struct stat *s, int t, struct FTW *f)
{ (void)s; (void)t; (void)f; return remove(p); }

/* --- FUSE mount ------------------------------------------------------------------------ */
static void fuse_daemon(const char *image, off_t off, const char *mnt, int ready, int alive)
{
    struct fuse_lowlevel_ops ops = {
        .getattr = sqfs_ll_op_getattr, .opendir = sqfs_ll_op_opendir, .releasedir = sqfs_ll_op_releasedir,
        .readdir = sqfs_ll_op_readdir, .lookup = sqfs_ll_op_lookup, .open = sqfs_ll_op_open,
        .create = sqfs_ll_op_create, .release = sqfs_ll_op_release, .read = sqfs_ll_op_read,
        .readlink = sqfs_ll_op_readlink, .listxattr = sqfs_ll_op_listxattr, .getxattr = sqfs_ll_op_getxattr,
        .forget = sqfs_ll_op_forget, .statfs = stfs_ll_op_statfs };
    char opt[PATH_MAX + 64];
    snprintf(opt, sizeof opt, "ro,nodev,nosuid,subtype=appimage,fsname=%s", image);
    char *argv[] = { (char *)"appimage", (char *)"-o", opt, NULL };
    struct fuse_args args = FUSE_ARGS_INIT(3, argv);
    sqfs_ll *ll = sqfs_ll_open(image, (size_t)off);
    sqfs_ll_chan ch;
    if (!ll || sqfs_ll_mount(&ch, mnt, &args, &ops, sizeof ops, ll) != SQFS_OK) _exit(1);
    setsid();
    signal(SIGINT, SIG_IGN); signal(SIGHUP, SIG_IGN); signal(SIGPIPE, SIG_IGN);
    if (write(ready, "1", 1) != 1) _exit(1);
    close(ready);
    int nul = open("/dev/null", O_RDWR);                 /* do not keep the caller's pipes open */
    if (nul >= 0) { dup2(nul, 0); dup2(nul, 1); dup2(nul, 2); if (nul > 2) close(nul); }
    struct fuse_buf fb = { .mem = NULL };
    struct pollfd p[2] = { { fuse_session_fd(ch.session), POLLIN, 0 }, { alive, POLLIN, 0 } };
    int gone = 0;
    while (!fuse_session_exited(ch.session)) {
        if (poll(p, 2, -1) < 0) { if (errno == EINTR) continue; break; }
        if (p[1].revents & (POLLHUP | POLLIN) && !gone) {   /* last holder of the pipe has exited */
            gone = 1; p[1].fd = -1;
            pid_t c = fork();                                /* lazy unmount needs us to keep serving */
            if (!c) { fuse_session_unmount(ch.session); _exit(0); }
        }
        if (p[0].revents & (POLLIN | POLLERR | POLLHUP)) {
            int r = fuse_session_receive_buf(ch.session, &fb);
            if (r == -EINTR || r == -EAGAIN) continue;
            if (r <= 0) break;
            fuse_session_process_buf(ch.session, &fb);
        }
    }
    fuse_session_unmount(ch.session);
    rmdir(mnt);
    _exit(0);
}

static int try_mount(const char *image, off_t off, char *mnt, size_t mntlen, int *keep)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(mnt, mntlen, "%s/.mount_amtsstubeXXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(mnt)) return -1;
    int rdy[2], alive[2];
    if (pipe2(rdy, O_CLOEXEC) || pipe(alive)) die("pipe");
    int savederr = -1;
    if (!getenv("APPIMAGE_DEBUG")) {                       /* libfuse is chatty when fusermount is missing */
        savederr = fcntl(2, F_DUPFD_CLOEXEC, 10);
    }
    pid_t pid = fork();
    if (pid < 0) die("fork");
    if (!pid) {
        pid_t p2 = fork();                                   /* reparent the server to init */
        if (p2) _exit(0);
        if (savederr >= 0) { int n = open("/dev/null", O_WRONLY); if (n >= 0) dup2(n, 2); }
        close(rdy[0]); close(alive[1]);
        fuse_daemon(image, off, mnt, rdy[1], alive[0]);
    }
    waitpid(pid, NULL, 0);
    close(rdy[1]); close(alive[0]);
    if (savederr >= 0) close(savederr);
    char c;
    if (read(rdy[0], &c, 1) != 1) { close(rdy[0]); close(alive[1]); rmdir(mnt); return -1; }
    close(rdy[0]);
    *keep = alive[1];
    return 0;
}

static void run(const char *dir, const char *image, const char *argv0, int argc, char **argv)
{
    char rp[PATH_MAX];
    setenv("APPIMAGE", image, 1); setenv("APPDIR", dir, 1); setenv("ARGV0", argv0, 1);
    char *cwd = getcwd(NULL, 0); if (cwd) setenv("OWD", cwd, 1);
    snprintf(rp, sizeof rp, "%s/AppRun", dir);
    argv[0] = rp; argv[argc] = NULL;
    execv(rp, argv);
    die(rp);
}

int main(int argc, char **argv)
{
    char image[PATH_MAX];
    const char *target = getenv("TARGET_APPIMAGE");
    ssize_t n;
    if (target && *target) { if (!realpath(target, image)) die(target); }
    else { n = readlink("/proc/self/exe", image, sizeof image - 1); if (n < 0) die("/proc/self/exe"); image[n] = 0; }
    off_t off = elf_size(image);
    const char *a = argc > 1 ? argv[1] : "";
    const char *argv0 = argv[0];
    int xrun = 0;

    if (!strcmp(a, "--appimage-offset")) { printf("%lld\n", (long long)off); return 0; }
    if (!strcmp(a, "--appimage-version")) { puts("Amtsstube AppImage runtime " RUNTIME_VERSION); return 0; }
    if (!strcmp(a, "--appimage-updateinformation") || !strcmp(a, "--appimage-updateinfo")) return print_section(image, ".upd_info");
    if (!strcmp(a, "--appimage-signature")) return print_section(image, ".sha256_sig");
    if (!strcmp(a, "--appimage-help")) {
        puts("--appimage-extract | --appimage-extract-and-run ARGS | --appimage-mount | --appimage-offset |\n"
             "--appimage-updateinformation | --appimage-signature | --appimage-version\n"
             "APPIMAGE_EXTRACT_AND_RUN=1: do not use FUSE. Without FUSE this happens by itself.");
        return 0;
    }
    if (!strcmp(a, "--appimage-extract")) {
        if (extract(image, off, "squashfs-root", 1)) { fputs("AppImage: cannot read the image\n", stderr); return 1; }
        return 0;
    }
    if (!strcmp(a, "--appimage-extract-and-run")) {
        xrun = 1; for (int i = 1; i < argc; i++) argv[i] = argv[i + 1]; argc--;
    } else if (!strcmp(a, "--appimage-mount")) {
        char mnt[PATH_MAX]; int keep;
        if (try_mount(image, off, mnt, sizeof mnt, &keep)) { fputs("AppImage: FUSE mount failed\n", stderr); return 1; }
        puts(mnt); fflush(stdout); pause(); return 0;
    }
    const char *e = getenv("APPIMAGE_EXTRACT_AND_RUN");
    if (e && *e && strcmp(e, "0")) xrun = 1;

    if (!xrun) {
        char mnt[PATH_MAX]; int keep;
        if (!try_mount(image, off, mnt, sizeof mnt, &keep)) run(mnt, image, argv0, argc, argv);
        if (getenv("APPIMAGE_DEBUG")) fputs("AppImage: no FUSE mount, extracting instead\n", stderr);
    }
    /* extract to a per-user cache, keyed by file identity; kept so the next start is fast */
    struct stat st; if (stat(image, &st)) die(image);
    char base[PATH_MAX / 4], dir[PATH_MAX / 2], part[PATH_MAX / 2 + 16];
    const char *x = getenv("XDG_CACHE_HOME"), *h = getenv("HOME");
    if (x && *x == '/') snprintf(base, sizeof base, "%s", x);
    else if (h && *h == '/') { snprintf(base, sizeof base, "%s/.cache", h); }
    else snprintf(base, sizeof base, "/tmp/appimage-cache-%u", (unsigned)getuid());
    mkdir(base, 0700);
    snprintf(dir, sizeof dir, "%s/appimage-%llx-%llx-%llx", base, (unsigned long long)st.st_ino,
             (unsigned long long)st.st_size, (unsigned long long)st.st_mtim.tv_sec * 1000000000ull + (unsigned long long)st.st_mtim.tv_nsec);
    struct stat ds;
    if (lstat(dir, &ds) || !S_ISDIR(ds.st_mode) || ds.st_uid != getuid()) {
        snprintf(part, sizeof part, "%s.part%d", dir, (int)getpid());
        if (extract(image, off, part, 0)) { fputs("AppImage: cannot read the image\n", stderr); return 1; }
        if (rename(part, dir)) nftw(part, rm_cb, 32, FTW_DEPTH | FTW_PHYS);   /* someone else was first */
    }
    run(dir, image, argv0, argc, argv);
}
