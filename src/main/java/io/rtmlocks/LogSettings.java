// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.rtmlocks.telemetry.LogLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** How this process logs: at first by the environment, and by the configuration once that is known. */
final class LogSettings {
    private static final String SETTINGS = "logback.configurationFile";
    private static final String FILE = "conf/logback.xml";

    private LogSettings() {}

    /**
     * Before anything is logged: the file beside the program if there is one, else the one packed in it. Never overrides
     * what the caller of Java chose.
     */
    static void choose(Map<String, String> environment) {
        if (System.getProperty(SETTINGS) == null) {
            Path file = Path.of(FILE);
            System.setProperty(SETTINGS, Files.isReadable(file) ? file.toUri().toString() : FILE);
        }
        format(environment.getOrDefault(ConfigKey.LOG_FORMAT.variable(), ConfigKey.LOG_FORMAT.defaultText()));
    }

    static void apply(Config.Log log) {
        format(log.format());
        if (LoggerFactory.getLogger(LogSettings.class.getPackageName()) instanceof Logger ours) {
            ours.setLevel(Level.toLevel(log.level().toUpperCase(Locale.ROOT)));
        }
    }

    private static void format(String wanted) {
        boolean isText = wanted.equals("text") || (wanted.equals("auto") && isTerminal());
        System.setProperty(LogLines.FORMAT, isText ? "text" : LogLines.JSON);
    }

    /** Whether a person sees what is printed. Later versions of Java give a console in any case, unless told not to. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        if (System.getProperty("jdk.console") == null) {
            System.setProperty("jdk.console", "java.base");
        }
        return System.console() != null;
    }
}
