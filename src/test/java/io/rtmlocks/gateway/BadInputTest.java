// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a request can be wrong: its error, and that it changed nothing (PROTOCOL.md §1, §3, §4, §6). */
class BadInputTest {

    private static final int NOT_LOGGED_IN = -10002;
    private static final int USER_ID = -10006;
    private static final int CHANNEL = -10008;
    private static final int MALFORMED = -10014;
    private static final int CHANNEL_TYPE = -10019;
    private static final int LOCK_NAME = -14005;

    private static final String LONG = "n".repeat(65);
    private static final List<String> ILLEGAL_NAMES = List.of(
            "''",
            "'_x'",
            "'" + LONG + "'",
            "'a/b'",
            "'a\\\\b'",
            "'a.b'",
            "'a*b'",
            "'a\\u0000b'",
            "'a\\tb'",
            "'é'",
            "'日本'",
            "'\\ud800'",
            "'a\\u007fb'",
            "1",
            "true",
            "null",
            "{}",
            "['a']",
            "1.5");
    private static final List<String> NO_FLAG = List.of("'true'", "1", "0", "null", "{}", "[]");
    private static final List<String> NO_TEXT = List.of("1", "true", "null", "{}", "['a']", "1.5");
    private static final List<String> NO_INTEGER =
            List.of("'1'", "true", "null", "{}", "[1]", "1.5", "1e3", "9223372036854775808", "1" + "0".repeat(25));

    private static final Map<String, String> OPERATIONS = Map.ofEntries(
            Map.entry("subscribe", "RTMSubscribeOperation"),
            Map.entry("unsubscribe", "RTMUnsubscribeOperation"),
            Map.entry("setLock", "RTMSetLockOperation"),
            Map.entry("acquireLock", "RTMAcquireOperation"),
            Map.entry("cancelAcquire", "RTMCancelAcquireOperation"),
            Map.entry("releaseLock", "RTMReleaseLockOperation"),
            Map.entry("revokeLock", "RTMRevokeLockOperation"),
            Map.entry("getLock", "RTMGetLockOperation"),
            Map.entry("removeLock", "RTMRemoveLockOperation"),
            Map.entry("setChannelMetadata", "RTMSetChannelMetadataOperation"),
            Map.entry("updateChannelMetadata", "RTMUpdateChannelMetadataOperation"),
            Map.entry("removeChannelMetadata", "RTMRemoveChannelMetadataOperation"),
            Map.entry("getChannelMetadata", "RTMGetChannelMetadataOperation"));
    private static final List<String> WITH_LOCK_NAME =
            List.of("setLock", "acquireLock", "cancelAcquire", "releaseLock", "revokeLock", "removeLock");
    private static final List<String> WRITES = List.of("setChannelMetadata", "updateChannelMetadata");

    private static RunningNode node;
    private static TestClient witness;

    /** A request of which one thing is wrong. */
    record Row(String op, String fields, int errorCode) {
        @Override
        public String toString() {
            return op + " {" + fields + "} → " + errorCode;
        }
    }

    @BeforeAll
    static void start() {
        node = RunningNode.unhurried("limits.badFramesPerMinute", "1000000");
        witness = node.login("witness");
        witness.subscribe("withStorage", true);
        witness.storageEvent("SNAPSHOT");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String op : OPERATIONS.keySet()) {
            each(
                    rows,
                    op,
                    "'channel': %s, 'lockName': 'l', 'data': [{'key': 'k', 'value': 'v'}]",
                    ILLEGAL_NAMES,
                    CHANNEL);
            rows.add(new Row(op, "'lockName': 'l'", CHANNEL));
            each(
                    rows,
                    op,
                    "'channel': 'c', 'channelType': %s, 'lockName': 'l', 'data': [{'key': 'k', 'value': 'v'}]",
                    List.of("0", "3", "-1", "'message'", "'1'", "true", "null", "1.0", "{}", "[1]", "4294967297"),
                    CHANNEL_TYPE);
        }
        for (String op : WITH_LOCK_NAME) {
            each(rows, op, "'channel': 'c', 'lockName': %s", ILLEGAL_NAMES, LOCK_NAME);
            rows.add(new Row(op, "'channel': 'c'", LOCK_NAME));
        }
        lockParameters(rows);
        subscriptionParameters(rows);
        storageParameters(rows);
        return rows;
    }

    private static void lockParameters(List<Row> rows) {
        String lock = "'channel': 'c', 'lockName': 'l', ";
        each(rows, "setLock", lock + "'ttl': %s", NO_INTEGER, MALFORMED);
        each(rows, "setLock", lock + "'ttl': %s", List.of("9007199254740992", "-9007199254740992"), MALFORMED);
        each(rows, "setLock", lock + "'ifExists': %s", List.of("''", "'Keep'", "1", "true", "null", "{}"), MALFORMED);
        each(rows, "acquireLock", lock + "'retry': %s", NO_FLAG, MALFORMED);
        each(rows, "acquireLock", lock + "'withPosition': %s", NO_FLAG, MALFORMED);
        each(rows, "acquireLock", lock + "'create': %s", NO_FLAG, MALFORMED);
        each(rows, "acquireLock", lock + "'create': true, 'ttl': %s", NO_INTEGER, MALFORMED);
        each(rows, "acquireLock", lock + "'retry': true, 'timeoutMs': %s", NO_INTEGER, MALFORMED);
        each(rows, "acquireLock", lock + "'retry': true, 'timeoutMs': %s", List.of("0", "-1", "3600001"), MALFORMED);
        each(rows, "releaseLock", lock + "'fencingToken': %s", NO_INTEGER, MALFORMED);
        each(rows, "releaseLock", lock + "'fencingToken': %s", List.of("0", "-1", "9007199254740992"), MALFORMED);
        each(rows, "revokeLock", lock + "'owner': %s", NO_TEXT, MALFORMED);
        each(rows, "getLock", "'channel': 'c', 'withQueue': %s", NO_FLAG, MALFORMED);
    }

    private static void subscriptionParameters(List<Row> rows) {
        for (String flag : List.of("withLock", "withStorage", "withQueue")) {
            each(rows, "subscribe", "'channel': 'fresh', '" + flag + "': %s", NO_FLAG, MALFORMED);
        }
    }

    private static void storageParameters(List<Row> rows) {
        String item = "'data': [{'key': 'k', 'value': 'v'}], ";
        List<String> noRevision = new ArrayList<>(NO_INTEGER);
        noRevision.addAll(List.of("-2", "9007199254740992"));
        for (String op : WRITES) {
            rows.add(new Row(op, "'channel': 'c'", MALFORMED));
            each(
                    rows,
                    op,
                    "'channel': 'c', 'data': %s",
                    List.of("[]", "{}", "'x'", "1", "null", "[1]", "['k']"),
                    MALFORMED);
            each(rows, op, "'channel': 'c', 'data': [{'value': 'v', 'key': %s}]", NO_TEXT, MALFORMED);
            rows.add(new Row(op, "'channel': 'c', 'data': [{'value': 'v'}]", MALFORMED));
            rows.add(new Row(op, "'channel': 'c', 'data': [{'key': 'k'}]", MALFORMED));
            each(rows, op, "'channel': 'c', 'data': [{'key': 'k', 'value': %s}]", NO_TEXT, MALFORMED);
            each(
                    rows,
                    op,
                    "'channel': 'c', 'data': [{'key': 'k', 'value': 'v', 'revision': %s}]",
                    noRevision,
                    MALFORMED);
        }
        for (String op : List.of("setChannelMetadata", "updateChannelMetadata", "removeChannelMetadata")) {
            each(rows, op, "'channel': 'c', " + item + "'majorRevision': %s", noRevision, MALFORMED);
            each(rows, op, "'channel': 'c', " + item + "'lockName': %s", withoutNull(ILLEGAL_NAMES), LOCK_NAME);
            each(rows, op, "'channel': 'c', " + item + "'lockName': 'l', 'fencingToken': %s", NO_INTEGER, MALFORMED);
            rows.add(new Row(op, "'channel': 'c', " + item + "'fencingToken': 7", MALFORMED));
        }
        each(
                rows,
                "removeChannelMetadata",
                "'channel': 'c', 'data': %s",
                List.of("[]", "{}", "'x'", "null"),
                MALFORMED);
    }

    private static List<String> withoutNull(List<String> values) {
        return values.stream().filter(value -> !value.equals("null")).toList();
    }

    private static void each(List<Row> rows, String op, String fields, List<String> values, int errorCode) {
        for (String value : values) {
            rows.add(new Row(op, fields.formatted(value), errorCode));
        }
    }

    /** All rows go over one connection, which stays; the witness of the channel sees no event at all. */
    @Test
    void eachWrongField_isRefusedWithItsCode_andChangesNothing() {
        TestClient client = node.login("careless");
        List<Row> rows = rows();
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            client.sendText(json("{'id': " + (1_000 + i) + ", 'op': '" + row.op + "', " + row.fields + "}"));
        }
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            JsonObject reply = client.reply(1_000 + i);
            if (row.errorCode != reply.getInteger("errorCode")
                    || !OPERATIONS.get(row.op).equals(reply.getString("operation"))) {
                faults.add(row + " got " + reply);
            }
        }
        assertThat(faults).isEmpty();
        assertThat(rows).hasSizeGreaterThan(700);
        witness.sync();
        assertThat(witness.received()).isEmpty();
        assertThat(witness.succeed("getLock", "channel", "c").getInteger("totalLocks"))
                .isZero();
    }

    static Stream<Row> orderOfChecks() {
        return Stream.of(
                new Row("setLock", "'channelType': 9, 'channel': '_', 'lockName': '_', 'ttl': 'x'", CHANNEL_TYPE),
                new Row("setLock", "'channel': '_', 'lockName': '_', 'ttl': 'x'", CHANNEL),
                new Row("setLock", "'channel': 'c', 'lockName': '_', 'ttl': 'x'", LOCK_NAME),
                new Row("setLock", "'channel': 'c', 'lockName': 'l', 'ttl': 'x'", MALFORMED),
                new Row("acquireLock", "'retry': 1, 'lockName': '_', 'channel': 'c'", LOCK_NAME),
                new Row("acquireLock", "'retry': 1, 'lockName': 'missing', 'channel': 'c'", MALFORMED),
                new Row("releaseLock", "'fencingToken': 1, 'lockName': 'missing', 'channel': 'c'", -14008),
                new Row("revokeLock", "'owner': 7, 'lockName': 'missing', 'channel': 'c'", MALFORMED));
    }

    /** channelType → channel → lockName → other parameters → existence → ownership. */
    @ParameterizedTest
    @MethodSource
    void orderOfChecks(Row row) {
        TestClient client = node.login("orderly");
        client.sendText(json("{'id': 500, 'op': '" + row.op + "', " + row.fields + "}"));
        TestClient.refusal(row.errorCode, client.reply(500));
        client.cut();
    }

    static List<Row> logins() {
        List<Row> rows = new ArrayList<>();
        each(rows, "login", "'userId': %s", ILLEGAL_NAMES, USER_ID);
        rows.add(new Row("login", "'token': 'x'", USER_ID));
        each(rows, "login", "'userId': 'u', 'token': %s", NO_TEXT, MALFORMED);
        each(rows, "login", "'userId': 'u', 'resumeToken': %s", NO_TEXT, MALFORMED);
        rows.add(new Row("login", "'userId': 'u', 'resumeToken': '" + "x".repeat(8_193) + "'", MALFORMED));
        for (String op : List.of("ping", "logout", "renewToken", "setLock", "getChannelMetadata", "nonsense")) {
            rows.add(new Row(op, "'channel': 'c', 'lockName': 'l'", NOT_LOGGED_IN));
        }
        return rows;
    }

    /** A refused login leaves the connection as it was: a better one succeeds. */
    @Test
    void badLogins_areRefused_andTheConnectionStays() {
        TestClient client = node.connect();
        List<String> faults = new ArrayList<>();
        long id = 1_000;
        for (Row row : logins()) {
            client.sendText(json("{'id': " + ++id + ", 'op': '" + row.op + "', " + row.fields + "}"));
            JsonObject reply = client.reply(id);
            if (reply.getInteger("errorCode") != row.errorCode) {
                faults.add(row + " got " + reply);
            }
        }
        assertThat(faults).isEmpty();
        assertThat(client.login("late").getBoolean("resumed")).isFalse();
        client.refused(-10017, "login", "userId", "late");
        client.refused(-10017, "login", "userId", "_");
        client.sync();
    }

    static Stream<String> noRequests() {
        return Stream.of(
                "",
                " ",
                "hello",
                "null",
                "7",
                "[]",
                "['op']",
                "{",
                "{}",
                "}{",
                "{'op': 'ping'",
                "{'op': 'ping'}",
                "{'id': 77}",
                "{'id': 77, 'op': 'pong'}",
                "{'id': 77, 'op': 'PING'}",
                "{'id': 77, 'op': null}",
                "{'id': 77, 'op': 1}",
                "{'id': 77, 'op': ['ping']}",
                "{'id': 0, 'op': 'ping'}",
                "{'id': -1, 'op': 'ping'}",
                "{'id': '77', 'op': 'ping'}",
                "{'id': 1.5, 'op': 'ping'}",
                "{'id': 77.0, 'op': 'ping'}",
                "{'id': 9007199254740992, 'op': 'ping'}",
                "{'id': null, 'op': 'ping'}",
                "{'id': 77, 'id': 78, 'op': 'ping'}",
                "{'id': 77, 'op': 'ping', 'op': 'logout'}",
                "{'id': 77, 'op': 'ping'} {'id': 78, 'op': 'ping'}",
                "{'id': 77, 'op': 'ping'} x",
                "{'id': 77, 'op': 'ping',}",
                "{'id': 77, 'op': 'ping', 'x': NaN}",
                "{'id': 77, 'op': 'ping', 'x': 01}",
                "{'id': 77, 'op': 'ping', 'x': +1}",
                "{'id': 77, 'op': 'ping' /* why */}",
                "{id: 77, 'op': 'ping'}",
                "{'id': 77, 'op': 'ping', 'x': " + "[".repeat(9) + "]".repeat(9) + "}",
                "{'id': 77, 'op': 'ping', 'x': " + "9".repeat(200) + "}",
                "{'id': 77, 'op': 'ping', '" + "x".repeat(200) + "': 1}",
                "{'id': 77, 'op': 'ping', 'x': 'a\nb'}",
                "{'id': 77, 'op': 'ping', 'x': '\\x'}",
                "\ufeff{'id': 77, 'op': 'ping'}",
                "{'op': 'heartbeat'}",
                "{'op': 'heartbeat', 'n': -1}",
                "{'op': 'heartbeat', 'n': '1'}");
    }

    /** A frame that is no request gets an error, with its id when that could be read before the fault. */
    @ParameterizedTest
    @MethodSource
    void noRequests(String text) {
        TestClient client = node.login("noisy");
        client.sendText(json(text));
        JsonObject reply = TestClient.refusal(MALFORMED, client.next());
        boolean isReadable = text.startsWith("{'id': 77,") && !text.contains("'id': 78, 'op'");
        if (isReadable) {
            assertThat(reply.getLong("id")).isEqualTo(77);
        } else if (!text.contains("77")) {
            assertThat(reply.containsKey("id")).as(reply.encode()).isFalse();
        }
        client.sync();
        client.cut();
    }

    @Test
    void fieldsThatNobodyKnows_areIgnored() {
        TestClient client = node.login("chatty");
        JsonObject request = client.request("ping", "x", new JsonArray("[1, [2, {\"y\": null}]]"), "lockName", 7);
        assertThat(client.succeed(request).getLong("id")).isEqualTo(request.getLong("id"));
        assertThat(client.succeed("getLock", "channel", "other", "ttl", "seconds")
                        .getInteger("totalLocks"))
                .isZero();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
