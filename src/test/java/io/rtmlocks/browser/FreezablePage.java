// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.CDPSession;
import java.util.HashMap;
import java.util.Map;

/**
 * A page that can be frozen as the browser freezes one in the background: none of its code runs until it is thawed.
 * Playwright keeps its own pages in focus, and a page in focus is never frozen; so this one is driven by the browser's protocol.
 */
final class FreezablePage implements AutoCloseable {

    private static final long ANSWER_WITHIN_MS = 20_000;

    private final CDPSession browser = Browsers.chromium().newBrowserCDPSession();
    private final Map<Integer, JsonObject> answers = new HashMap<>();
    private final String target;
    private final String session;
    private int lastId;

    FreezablePage(String url) {
        browser.on("Target.receivedMessageFromTarget", this::receive);
        target = browser.send("Target.createTarget", fields("url", url))
                .get("targetId")
                .getAsString();
        session = browser.send("Target.attachToTarget", fields("targetId", target))
                .get("sessionId")
                .getAsString();
        until("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** The value of an expression; of a promise, what it is fulfilled with. */
    JsonElement evaluate(String expression) {
        JsonObject parameters = fields("expression", expression);
        parameters.addProperty("awaitPromise", true);
        parameters.addProperty("returnByValue", true);
        JsonObject answer = send("Runtime.evaluate", parameters);
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(answer.get("exceptionDetails").toString());
        }
        return answer.getAsJsonObject("result").get("value");
    }

    /** Returns as soon as the condition holds; the page must not be frozen. */
    void until(String condition) {
        long deadline = System.currentTimeMillis() + ANSWER_WITHIN_MS;
        while (!evaluate("Boolean(" + condition + ")").getAsBoolean()) {
            if (System.currentTimeMillis() > deadline) {
                throw new IllegalStateException("never: " + condition);
            }
        }
    }

    void freeze() {
        send("Page.setWebLifecycleState", fields("state", "frozen"));
    }

    void thaw() {
        send("Page.setWebLifecycleState", fields("state", "active"));
    }

    private JsonObject send(String method, JsonObject parameters) {
        JsonObject message = fields("method", method);
        message.addProperty("id", ++lastId);
        message.add("params", parameters);
        JsonObject envelope = fields("sessionId", session);
        envelope.addProperty("message", message.toString());
        browser.send("Target.sendMessageToTarget", envelope);
        long deadline = System.currentTimeMillis() + ANSWER_WITHIN_MS;
        while (!answers.containsKey(lastId)) {
            if (System.currentTimeMillis() > deadline) {
                throw new IllegalStateException("no answer to " + message);
            }
            // Events arrive while something is asked.
            browser.send("Browser.getVersion");
        }
        return answers.remove(lastId).getAsJsonObject("result");
    }

    private void receive(JsonObject event) {
        JsonObject message =
                JsonParser.parseString(event.get("message").getAsString()).getAsJsonObject();
        if (message.has("id")) {
            answers.put(message.get("id").getAsInt(), message);
        }
    }

    private static JsonObject fields(String name, String value) {
        JsonObject fields = new JsonObject();
        fields.addProperty(name, value);
        return fields;
    }

    @Override
    public void close() {
        browser.send("Target.closeTarget", fields("targetId", target));
        browser.detach();
    }
}
