// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a session can say in a script. Each request gets the session's next number as its {@code id=}.
 *
 * <pre>
 * online | offline | gone             epoch= of the connection, else the present one (online: the next); online at=g2
 * setLock L                           ttl= keep
 * acquireLock L                       retry timeout=5s withPosition create ttl=
 * cancelAcquire L | removeLock L
 * releaseLock L | revokeLock L        token=t1 | owner=bob
 * getLock | subscribe | unsubscribe   withQueue | noLock withStorage withQueue
 * setChannelMetadata k:v k:v@3        major= lock=L token=t1; update… alike; remove… k k@3, or nothing for all
 * getChannelMetadata
 * </pre>
 *
 * All take {@code in=d} or {@code in=STREAM:d} for another channel than c. A value x*50 is fifty times x.
 */
final class SessionCommands {

    private final Naming naming;
    private final Map<String, Long> epochs = new HashMap<>();
    private final Map<String, Long> lastIds = new HashMap<>();
    private final Map<String, String> said = new HashMap<>();

    SessionCommands(Naming naming) {
        this.naming = naming;
    }

    Command command(String session, ScriptLine line) {
        String verb = line.word();
        return switch (verb) {
            case "online" -> online(session, line);
            case "offline" -> new Command.SessionOffline(session, epoch(session, line));
            case "gone" -> new Command.SessionGone(session, epoch(session, line));
            case "again" -> again(session, line);
            default -> request(verb, caller(session, line), line);
        };
    }

    private long epoch(String session, ScriptLine line) {
        return line.number("epoch", epochs.getOrDefault(session, 0L));
    }

    private Command online(String session, ScriptLine line) {
        long epoch = line.number("epoch", epochs.getOrDefault(session, 0L) + 1);
        epochs.put(session, epoch);
        String user = session.replaceAll("/.*", "");
        return new Command.SessionOnline(session, epoch, user, line.option("at", Naming.USUAL_GATEWAY));
    }

    private Caller caller(String session, ScriptLine line) {
        long id = line.number("id", lastIds.getOrDefault(session, 0L) + 1);
        lastIds.merge(session, id, Math::max);
        said.put(session + "#" + id, line.toString());
        return new Caller(session, epoch(session, line), id);
    }

    private Command again(String session, ScriptLine line) {
        String id = line.word();
        String before = said.get(session + id);
        if (before == null) {
            throw new IllegalArgumentException(session + " has not said " + id);
        }
        ScriptLine repeated = new ScriptLine(before + " id=" + id.substring(1) + " epoch=" + epoch(session, line));
        return command(repeated.word(), repeated);
    }

    private Command.Request request(String verb, Caller caller, ScriptLine line) {
        ChannelKey channel = line.channel();
        return switch (verb) {
            case "setLock" ->
                new Command.SetLock(caller, channel, line.word(), line.number("ttl", 0), line.flag("keep"));
            case "acquireLock" -> acquire(caller, channel, line);
            case "cancelAcquire" -> new Command.CancelAcquire(caller, channel, line.word());
            case "releaseLock" -> new Command.ReleaseLock(caller, channel, line.word(), token(line));
            case "revokeLock" -> revoke(caller, channel, line);
            case "removeLock" -> new Command.RemoveLock(caller, channel, line.word());
            case "getLock" -> new Command.GetLock(caller, channel, line.flag("withQueue"));
            case "subscribe" ->
                new Command.Subscribe(
                        caller, channel, !line.flag("noLock"), line.flag("withStorage"), line.flag("withQueue"));
            case "unsubscribe" -> new Command.Unsubscribe(caller, channel);
            case "getChannelMetadata" -> new Command.GetMetadata(caller, channel);
            default -> write(verb, caller, channel, line);
        };
    }

    private static Command.Request acquire(Caller caller, ChannelKey channel, ScriptLine line) {
        return new Command.AcquireLock(
                caller,
                channel,
                line.word(),
                line.flag("retry"),
                ScriptLine.millis(line.option("timeout", "0ms")),
                line.flag("withPosition"),
                line.flag("create"),
                line.number("ttl", 0));
    }

    private static Command.Request revoke(Caller caller, ChannelKey channel, ScriptLine line) {
        String owner = line.option("owner", "");
        return new Command.RevokeLock(caller, channel, line.word(), owner.isEmpty() ? null : owner);
    }

    private long token(ScriptLine line) {
        return naming.token(line.option("token", "0"));
    }

    private Command.Request write(String verb, Caller caller, ChannelKey channel, ScriptLine line) {
        Operation operation = switch (verb) {
            case "setChannelMetadata" -> Operation.SET_METADATA;
            case "updateChannelMetadata" -> Operation.UPDATE_METADATA;
            case "removeChannelMetadata" -> Operation.REMOVE_METADATA;
            default -> throw new IllegalArgumentException("no such command: " + verb);
        };
        long major = line.number("major", Metadata.ANY_REVISION);
        String guard = line.option("lock", "");
        long token = token(line);
        List<Metadata.Change> changes = changes(line.rest());
        boolean all = operation == Operation.REMOVE_METADATA && changes.isEmpty();
        return new Command.WriteMetadata(caller, channel, operation, all ? null : changes, major, guard, token);
    }

    private static List<Metadata.Change> changes(List<String> items) {
        List<Metadata.Change> changes = new ArrayList<>();
        for (String item : items) {
            int at = item.lastIndexOf('@');
            long revision = at < 0 ? Metadata.ANY_REVISION : Long.parseLong(item.substring(at + 1));
            String data = at < 0 ? item : item.substring(0, at);
            int colon = data.indexOf(':');
            String key = colon < 0 ? data : data.substring(0, colon);
            changes.add(
                    new Metadata.Change(repeated(key), colon < 0 ? "" : repeated(data.substring(colon + 1)), revision));
        }
        return changes;
    }

    private static String repeated(String text) {
        int star = text.indexOf('*');
        return star < 0 ? text : text.substring(0, star).repeat(Integer.parseInt(text.substring(star + 1)));
    }
}
