/* SPDX-License-Identifier: GPL-2.0-only */
/* The HTTP server against clients of all kinds: in one piece, in bytes, endless, silent, too many. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/http.h"

#define BIG (4 << 20)

static char dir[] = "/tmp/whydrop-http-XXXXXX";
static char name[128];
static struct http *http;
static int asked;

static void give(void *arg, const struct http_request *r, struct http_answer *a)
{
	(void)arg;
	asked++;
	a->status = 200;
	if (!strcmp(r->path, "/echo")) {
		a->size = asprintf(&a->body, "local %d accept %s", r->is_local, r->accept);
	} else if (!strcmp(r->path, "/big")) {
		a->body = malloc(BIG);
		a->size = BIG;
		memset(a->body, 'x', BIG);
	} else {
		a->status = 404;
	}
}

static void setup(void)
{
	char where[160];

	cr_assert_not_null(mkdtemp(dir));
	snprintf(name, sizeof(name), "%s/socket", dir);
	snprintf(where, sizeof(where), "unix:%s", name);
	cr_assert_eq(http_new(&http, give, NULL), 0);
	cr_assert_eq(http_listen(http, where), 0);
}

static void teardown(void)
{
	http_free(http);
	cr_expect_eq(access(name, F_OK), -1, "the socket's name stays");
	rmdir(dir);
}

TestSuite(agent_http, .init = setup, .fini = teardown);

static int client(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%.100s", name);
	cr_assert_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	http_serve(http);
	return fd;
}

static void say(int fd, const char *text)
{
	cr_expect_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
	http_serve(http);
}

/* What the server has to say by now, up to its end. */
static size_t hear(int fd, char *to, size_t size)
{
	size_t len = 0;
	ssize_t n;

	do {
		http_serve(http);
		n = recv(fd, to + len, size - 1 - len, MSG_DONTWAIT);
		len += n > 0 ? n : 0;
	} while (n > 0);
	to[len] = 0;
	return len;
}

static void expect_answer(const char *request, const char *want)
{
	char text[4096];
	int fd = client();

	say(fd, request);
	hear(fd, text, sizeof(text));
	cr_expect_not_null(strstr(text, want), "%s: %s", request, text);
	close(fd);
	http_serve(http);
}

Test(agent_http, answers)
{
	expect_answer("GET /echo?x=1 HTTP/1.1\r\nHost: x\r\nACCEPT: a/b\r\n\r\n",
		      "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
		      "Content-Length: 18\r\nConnection: close\r\n\r\nlocal 1 accept a/b");
	expect_answer("HEAD /echo HTTP/1.1\r\n\r\n",
		      "Content-Length: 15\r\nConnection: close\r\n\r\n");
	expect_answer("GET /echo HTTP/1.0\r\n\r\n", "200 OK");
	expect_answer("GET /nothing HTTP/1.1\r\n\r\n", "404 Not Found");
	expect_answer("GET /echo/../../etc/passwd HTTP/1.1\r\n\r\n", "404 Not Found");
	cr_expect_eq(asked, 5);
}

Test(agent_http, what_is_no_request_is_refused)
{
	char text[HTTP_HEAD_BYTES + 100];
	size_t len;

	expect_answer("POST /echo HTTP/1.1\r\nContent-Length: 1000000\r\n\r\nxxx", "405 ");
	expect_answer("DELETE /echo HTTP/1.1\r\n\r\n", "405 ");
	expect_answer("nonsense\r\n\r\n", "400 Bad Request");
	expect_answer("\x16\x03\x01\x02", "400 Bad Request");
	len = sprintf(text, "GET /");
	memset(text + len, 'a', 300);
	strcpy(text + len + 300, " HTTP/1.1\r\n\r\n");
	expect_answer(text, "414 ");
	len = sprintf(text, "GET /echo HTTP/1.1\r\nX: ");
	memset(text + len, 'a', HTTP_HEAD_BYTES);
	text[len + HTTP_HEAD_BYTES] = 0;
	expect_answer(text, "431 ");
	cr_expect_eq(asked, 0);
}

Test(agent_http, a_request_may_come_in_single_bytes)
{
	const char *request = "GET /echo HTTP/1.1\r\nAccept: text/plain\r\nAccept: a/b\r\n\r\n";
	char text[1024], byte[2] = "";
	int fd = client();

	for (const char *p = request; *p; p++) {
		byte[0] = *p;
		say(fd, byte);
	}
	hear(fd, text, sizeof(text));
	cr_expect_not_null(strstr(text, "local 1 accept text/plain"), "%s", text);
	close(fd);
}

Test(agent_http, a_long_answer_arrives_whole)
{
	char *text = malloc(BIG + 1024);
	int fd = client();
	size_t len;

	say(fd, "GET /big HTTP/1.1\r\n\r\n");
	len = hear(fd, text, BIG + 1024);
	cr_expect_eq(text + len - BIG, strstr(text, "\r\n\r\n") + 4);
	free(text);
	close(fd);
}

/* Those who say nothing make room for one who does. */
Test(agent_http, too_many_clients_lose_the_oldest)
{
	int fds[HTTP_CLIENTS + 10];
	char byte;

	for (int i = 0; i < HTTP_CLIENTS + 10; i++)
		fds[i] = client();
	expect_answer("GET /echo HTTP/1.1\r\n\r\n", "200 OK");
	cr_expect_eq(http_cut_off(http), 11);
	cr_expect_eq(recv(fds[0], &byte, 1, MSG_DONTWAIT), 0, "the first is still there");
	cr_expect_eq(recv(fds[HTTP_CLIENTS], &byte, 1, MSG_DONTWAIT), -1, "a late one is not");
	for (int i = 0; i < HTTP_CLIENTS + 10; i++)
		close(fds[i]);
}

/* Answers that nobody reads do not pile up. */
Test(agent_http, slow_readers_lose_the_oldest)
{
	int fds[HTTP_ANSWERS + 3];

	for (int i = 0; i < HTTP_ANSWERS + 3; i++) {
		fds[i] = client();
		say(fds[i], "GET /big HTTP/1.1\r\n\r\n");
		http_serve(http);
	}
	cr_expect_eq(http_cut_off(http), 3);
	for (int i = 0; i < HTTP_ANSWERS + 3; i++)
		close(fds[i]);
}

Test(agent_http, addresses_are_checked)
{
	static const char *const wrong[] = { "",
					     "9435",
					     "localhost:9435",
					     "127.0.0.1",
					     "127.0.0.1:",
					     "127.0.0.1:99999",
					     "127.0.0.1:x",
					     "[::1]",
					     "::1:9435:",
					     "unix:",
					     "127.0.0.1:1x" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_lt(http_listen(http, wrong[i]), 0, "%s", wrong[i]);
	cr_expect_eq(http_listen(http, "127.0.0.1:0"), 0);
	cr_expect_eq(http_listen(http, "[::1]:0"), 0);
}
