// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

/**
 * A request, read in one pass by the shortest code that could: one flat object, strings without escapes. It checks nothing that a
 * good client does not do wrong.
 */
final class FlatFrame {
    long id;
    String op = "";
    String userId = "";
    String channel = "";
    String lockName = "";
    boolean retry;

    static FlatFrame read(String text) {
        FlatFrame frame = new FlatFrame();
        int at = 1;
        while (at < text.length() - 1) {
            int nameEnd = text.indexOf('"', at + 1);
            int from = nameEnd + 2;
            int end;
            if (text.charAt(from) == '"') {
                end = text.indexOf('"', from + 1);
                frame.text(text.substring(at + 1, nameEnd), text.substring(from + 1, end));
                end++;
            } else {
                end = from;
                while (text.charAt(end) != ',' && text.charAt(end) != '}') {
                    end++;
                }
                frame.other(text.substring(at + 1, nameEnd), text, from, end);
            }
            at = end + 1;
        }
        return frame;
    }

    private void text(String name, String value) {
        switch (name) {
            case "op" -> op = value;
            case "userId" -> userId = value;
            case "channel" -> channel = value;
            case "lockName" -> lockName = value;
            default -> {}
        }
    }

    private void other(String name, String text, int from, int end) {
        switch (name) {
            case "id" -> id = Long.parseLong(text, from, end, 10);
            case "retry" -> retry = text.charAt(from) == 't';
            default -> {}
        }
    }
}
