/* SPDX-License-Identifier: GPL-2.0-only */
/* The members of a JSON line, one row each. */
#include <string.h>

#include "fields.h"
#include "schema.h"

/* type: a JSON schema type, "NAME?" for that or null, "@def" for a definition below; "~" in front: not always there */
struct member {
	const char *name;
	const char *type;
	const char *help;
};

static const struct member line[] = {
	{ "v", "integer", "version of this schema" },
	{ "time", "string", "time of the loss, RFC 3339, UTC, nanoseconds" },
	{ "mono_ns", "integer", "the same by CLOCK_MONOTONIC, nanoseconds" },
	{ "cpu", "integer", "CPU that freed the buffer" },
	{ "cause", "string", "name of the cause; 'whydrop explain' lists them; never renamed" },
	{ "severity", "string", "loss, refused, pressure, symptom, info or normal" },
	{ "reason", "string?", "the kernel's drop reason, null where it gives none" },
	{ "symbol", "string?", "function that freed the buffer" },
	{ "offset", "integer", "return address in that function" },
	{ "module", "string?", "module of that function, null for the kernel itself" },
	{ "location", "string", "the return address itself, hexadecimal" },
	{ "netns", "integer", "inode of the network namespace it was lost in, 0 if unknown" },
	{ "netns_cookie", "integer", "cookie of the owner's network namespace, 0 if unknown" },
	{ "proto", "string?", "tcp, udp, icmp, ... or the number; null if it is not IP" },
	{ "tcp_flags", "string?", "as tcpdump writes them: F, S, R, P, . for ACK, U, E, W" },
	{ "src", "@endpoint?", "where the packet came from" },
	{ "dst", "@endpoint?", "where it was going" },
	{ "length", "integer", "bytes in the buffer when it was freed" },
	{ "segs", "integer", "packets in the buffer (GSO, GRO)" },
	{ "iface", "string?", "device it was on" },
	{ "ifindex", "integer", "index of that device in netns, 0 if unknown" },
	{ "mark", "integer", "firewall mark" },
	{ "tunnel", "string?", "vxlan, geneve, ipip, gre or null" },
	{ "inner", "@flow?", "flow inside the tunnel" },
	{ "victim", "@owner", "whose traffic was lost" },
	{ "remedy", "string", "what to do" },
	{ "process", "@process?", "who made the call or has the socket open, null if not certain" },
	{ "peer", "@owner?", "the other end, if it is a pod of this node" },
	{ "evidence", "@evidence", "per cause: each value that is known, with its limit" },
	{ "stack", "array?", "kernel stack, innermost first, when --stack was given" },
	{ "user_stack", "~array",
	  "stack of the program whose call it was: file and offset, innermost first" },
	{ "structures", "~object", "fields of kernel structures at the loss, by structure" },
	{ 0 },
};

static const struct member endpoint[] = {
	{ "addr", "string", "IPv4 or IPv6 address" },
	{ "port", "integer?", "port, null where the protocol or a fragment has none" },
	{ 0 },
};

static const struct member flow[] = {
	{ "vni", "integer", "network identifier of VXLAN and Geneve, key of GRE, else 0" },
	{ "proto", "string?", "as above" },
	{ "tcp_flags", "string?", "as above" },
	{ "src", "@endpoint?", "where the packet came from" },
	{ "dst", "@endpoint?", "where it was going" },
	{ 0 },
};

static const struct member process[] = {
	{ "pid", "integer", "process id; of the first where several have the socket open" },
	{ "comm", "string", "its name" },
	{ "how", "string", "call: it made the call; socket: it has the socket open" },
	{ "holders", "integer", "processes of the socket's cgroup that have it open" },
	{ 0 },
};

static const struct member owner[] = {
	{ "namespace", "string?", "Kubernetes namespace" },
	{ "pod", "string?", "pod name" },
	{ "uid", "string?", "pod UID" },
	{ "labels", "~object", "labels of the pod, where --cri could tell them" },
	{ "container", "string?", "container name" },
	{ "container_id", "string?", "container id" },
	{ "unit", "string?", "unit of the host, such as system.slice/kubelet.service" },
	{ "netns_name", "string?", "name of the network namespace under /run/netns" },
	{ "how", "string",
	  "evidence: sk-cgroup, netns, veth, mac-src, ip-src, ip-dst, host or none" },
	{ "flags", "array", "doubts: ambiguous, cgroup-mismatch, terminated, host-network" },
	{ "terminated_ms", "integer?", "since the pod ended, null while it lived" },
	{ 0 },
};

static const struct member audit_row[] = {
	{ "v", "integer", "version of this schema" },
	{ "time", "string", "when the counters were read, RFC 3339, UTC" },
	{ "scope", "string", "whose the counter is: host, pod, netns or machine" },
	{ "namespace", "string?", "Kubernetes namespace" },
	{ "pod", "string?", "pod name" },
	{ "uid", "string?", "pod UID" },
	{ "netns_name", "string?", "name of the network namespace under /run" },
	{ "netns", "integer", "inode of the network namespace, 0 for the machine" },
	{ "counter", "string", "the kernel's counter as nstat names it; never renamed" },
	{ "kernel", "integer", "how much it grew in this run, with --since boot its value" },
	{ "whydrop", "integer?",
	  "losses that whydrop saw and that count there; null without a run" },
	{ "remainder", "integer?", "kernel - whydrop, null where that says nothing" },
	{ "judged", "boolean", "whether a remainder above 0 is a finding" },
	{ "causes", "array", "whydrop's causes that count there" },
	{ "reading", "string?", "what the remainder can mean and where to look" },
	{ "flags", "array",
	  "late: the namespace came after the start; gone: it went before the end; reset: the "
	  "counter fell" },
	{ 0 },
};

static void type(FILE *to, const char *text)
{
	size_t len;
	int nullable;

	text += *text == '~';
	len = strcspn(text, "?");
	nullable = text[len] == '?';
	if (*text == '@' && nullable)
		fprintf(to, "\"anyOf\": [{\"$ref\": \"#/$defs/%.*s\"}, {\"type\": \"null\"}]",
			(int)len - 1, text + 1);
	else if (*text == '@')
		fprintf(to, "\"$ref\": \"#/$defs/%s\"", text + 1);
	else if (nullable)
		fprintf(to, "\"type\": [\"%.*s\", \"null\"]", (int)len, text);
	else
		fprintf(to, "\"type\": \"%s\"", text);
}

static void object(FILE *to, const struct member *members)
{
	fputs("\"type\": \"object\",\n\"properties\": {", to);
	for (const struct member *m = members; m->name; m++) {
		fprintf(to, "%s\n  \"%s\": {", m == members ? "" : ",", m->name);
		type(to, m->type);
		fprintf(to, ", \"description\": \"%s\"}", m->help);
	}
	fputs("},\n\"required\": [", to);
	for (const struct member *m = members; m->name; m++)
		if (*m->type != '~')
			fprintf(to, "%s\"%s\"", m == members ? "" : ", ", m->name);
	fputs("]", to);
}

static void evidence(FILE *to)
{
	static const char *const units[] = {
		[UNIT_NONE] = "",
		[UNIT_BYTES] = " (bytes)",
		[UNIT_PACKETS] = " (packets)",
		[UNIT_CONNECTIONS] = " (connections)",
	};

	fputs("\"type\": \"object\",\n\"properties\": {", to);
	for (size_t i = 0; i < fields_count; i++)
		fprintf(to, "%s\n  \"%s\": {\"type\": \"%s\", \"description\": \"%s%s\"}",
			i ? "," : "", fields[i].name,
			fields[i].type == FIELD_STR || fields[i].type == FIELD_TEXT ? "string"
										    : "integer",
			fields[i].help, units[fields[i].unit]);
	fputs("}", to);
}

void schema_print(FILE *to)
{
	fprintf(to,
		"{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
		"\"title\": \"one loss, as whydrop trace -o json prints it\",\n"
		"\"x-version\": %d,\n",
		SCHEMA_VERSION);
	object(to, line);
	fputs(",\n\"$defs\": {\n\"endpoint\": {", to);
	object(to, endpoint);
	fputs("},\n\"flow\": {", to);
	object(to, flow);
	fputs("},\n\"owner\": {", to);
	object(to, owner);
	fputs("},\n\"process\": {", to);
	object(to, process);
	fputs("},\n\"evidence\": {", to);
	evidence(to);
	fputs("}}}\n", to);
}

void schema_print_audit(FILE *to)
{
	fprintf(to,
		"{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
		"\"title\": \"one counter, as whydrop audit -o json prints it\",\n"
		"\"x-version\": %d,\n",
		AUDIT_SCHEMA_VERSION);
	object(to, audit_row);
	fputs("}\n", to);
}
