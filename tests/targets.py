"""Sixty addresses that must never be called (trust.md, S1), and the names among them as a zone of our own name server."""

ZONE = """
127.0.0.1.nip.io. 0 IN A 127.0.0.1
10-0-0-1.nip.io. 0 IN A 10.0.0.1
a9fea9fe.nip.io. 0 IN A 169.254.169.254
inside.example. 0 IN A 192.168.1.10
six.example. 0 IN AAAA fd00::1
mapped.example. 0 IN AAAA ::ffff:a01:203
alias.example. 0 IN CNAME inside.example.
inside.example. 0 IN A 192.168.1.11
mixed.example. 0 IN A 198.41.0.4
mixed.example. 0 IN A 127.0.0.1
mixed6.example. 0 IN A 198.41.0.4
mixed6.example. 0 IN AAAA ::1
open.example. 0 IN A 198.41.0.4
"""

TARGETS = [
    # this machine
    "http://127.0.0.1/", "http://127.255.255.254/", "http://0.0.0.0/", "http://0.1.2.3/", "http://[::1]/", "http://[::]/",
    "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:127.0.0.1]/", "http://[::127.0.0.1]/",
    "http://localhost/", "http://localhost./", "http://LOCALHOST/", "http://a.localhost/",
    # networks that are not public
    "http://10.0.0.1/", "http://10.255.255.255/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.0.1/",
    "http://169.254.1.1/", "http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[fec0::1]/", "http://100.64.0.1/", "http://100.100.100.200/",
    "http://192.0.0.1/", "http://192.0.2.1/", "http://198.18.0.1/", "http://198.51.100.1/", "http://203.0.113.1/",
    "http://224.0.0.1/", "http://240.0.0.1/", "http://255.255.255.255/", "http://[ff02::1]/", "http://[2001:db8::1]/",
    "http://[2002:7f00:1::]/", "http://[64:ff9b::10.0.0.1]/", "http://[2001:0:7f00:1::]/", "http://168.63.129.16/",
    # numbers written in other ways
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://017700000001/", "http://0177.0.0.1/",
    "http://127.1/", "http://0/", "http://127。0。0。1/", "http://１２７.０.０.１/", "http://①②⑦.0.0.1/",
    # names that lead inside
    "http://127.0.0.1.nip.io/", "http://10-0-0-1.nip.io/", "http://a9fea9fe.nip.io/", "http://inside.example/",
    "http://six.example/", "http://mapped.example/", "http://alias.example/", "http://mixed.example/", "http://mixed6.example/", "http://nobody.example/",
    # two readings, ports, other protocols
    "http://open.example@127.0.0.1/", "http://a:b@open.example/", "http://open.example\\@127.0.0.1/", "http://open.example:22/",
    "http://open.example:25/", "http://open.example:6379/", "http://open.example:0/", "http://open.example:99999/",
    "file:///etc/passwd", "gopher://open.example:70/_x", "data:text/plain,x", "ftp://open.example/", "javascript:alert(1)",
    "//open.example/", "http:///path", "http://", "https://open.example/\r\nX: y", "http://open example/", "",
]  # fmt: skip
