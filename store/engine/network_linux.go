package engine

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// networkTypes are file systems on which locks or mapped files are not to be relied on, by the
// number that statfs gives (linux/magic.h and statfs(2)).
var networkTypes = map[uint32]string{
	0x6969:     "nfs",
	0x517b:     "smb",
	0xff534d42: "cifs",
	0xfe534d42: "smb2",
	0x564c:     "ncp",
	0x5346414f: "afs",
	0x6b414653: "afs",
	0x73757245: "coda",
	0x00c36400: "ceph",
	0x01021997: "9p",
	0x0bd00bd0: "lustre",
	0x47504653: "gpfs",
	0x01161970: "gfs2",
	0x7461636f: "ocfs2",
	0x19830326: "beegfs",
	0x20030528: "orangefs",
}

// fuseType stands for every file system that runs as a program; most are local (encryption, NTFS).
const fuseType = 0x65735546

// networkFuse are the subtypes, as in /proc/self/mountinfo, of those that are not.
var networkFuse = map[string]bool{
	"fuse.sshfs": true, "fuse.s3fs": true, "fuse.rclone": true, "fuse.davfs": true, "fuse.davfs2": true,
	"fuse.glusterfs": true, "fuse.gcsfuse": true, "fuse.goofys": true, "fuse.mount-s3": true, "fuse.ceph": true,
	"fuse.ceph-fuse": true, "fuse.curlftpfs": true, "fuse.smbnetfs": true, "fuse.nfs": true, "fuse.juicefs": true,
	"fuse.seaweedfs": true, "fuse.gvfsd-fuse": true, "fuse.blobfuse": true, "fuse.blobfuse2": true,
}

// networkFS names the network file system that holds dir, or "".
func networkFS(dir string) (string, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return "", err
	}
	if kind := uint32(s.Type); kind != fuseType {
		return networkTypes[kind], nil
	}
	if sub := mountType(dir); networkFuse[sub] {
		return sub, nil
	}
	return "", nil
}

// mountType reads the type of the mount that holds dir, "" when it cannot be told.
func mountType(dir string) string {
	var s syscall.Stat_t
	if syscall.Stat(dir, &s) != nil {
		return ""
	}
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	dev := fmt.Sprintf("%d:%d", unix.Major(uint64(s.Dev)), unix.Minor(uint64(s.Dev)))
	for lines := bufio.NewScanner(f); lines.Scan(); {
		mount, kind, _ := strings.Cut(lines.Text(), " - ")
		if field := strings.Fields(mount); len(field) > 2 && field[2] == dev {
			kind, _, _ = strings.Cut(kind, " ")
			return kind
		}
	}
	return ""
}
