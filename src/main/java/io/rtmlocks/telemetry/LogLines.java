// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * Writes what is logged: as text for people, or as JSON for programs, an object a line. The system property {@value #FORMAT}
 * says which, at any time.
 *
 * <p>Nothing that is logged can make a line that looks like another one: see {@link LogText}.
 */
public final class LogLines extends EncoderBase<ILoggingEvent> {

    /** {@code json} or {@code text}. */
    public static final String FORMAT = "rtm.log.format";

    public static final String JSON = "json";

    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final byte[] NOTHING = new byte[0];

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        String line = JSON.equals(System.getProperty(FORMAT)) ? json(event) : text(event);
        return line.getBytes(StandardCharsets.UTF_8);
    }

    static String json(ILoggingEvent event) {
        LogText out = new LogText().raw("{\"time\":").quoted(event.getInstant().toString());
        out.raw(",\"level\":").quoted(event.getLevel().toString());
        for (KeyValuePair pair : pairs(event)) {
            out.raw(",").quoted(pair.key).raw(":");
            if (pair.value instanceof Number || pair.value instanceof Boolean) {
                out.number(pair.value);
            } else {
                out.quoted(String.valueOf(pair.value));
            }
        }
        out.raw(",\"message\":").quoted(event.getFormattedMessage());
        out.raw(",\"logger\":").quoted(event.getLoggerName());
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            out.raw(",\"error\":").quoted(ThrowableProxyUtil.asString(thrown).stripTrailing());
        }
        return out.raw("}\n").toString();
    }

    static String text(ILoggingEvent event) {
        String level = event.getLevel().toString();
        LogText out = new LogText()
                .raw(LOCAL.format(event.getInstant().atZone(ZoneId.systemDefault())))
                .raw(level.length() < 5 ? " " + level + "  " : " " + level + " ");
        if (pairs(event).isEmpty()) {
            out.raw(shortName(event.getLoggerName())).raw(": ");
        }
        out.plain(event.getFormattedMessage());
        for (KeyValuePair pair : pairs(event)) {
            out.raw(" ").plain(pair.key).raw("=").word(String.valueOf(pair.value));
        }
        out.raw("\n");
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            ThrowableProxyUtil.asString(thrown)
                    .lines()
                    .forEach(line -> out.raw("  | ").plain(line).raw("\n"));
        }
        return out.toString();
    }

    private static List<KeyValuePair> pairs(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs == null ? List.of() : pairs;
    }

    private static String shortName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }
}
