// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/** Reads what a call brings with it: a small JSON object, soon. */
final class RequestBody {
    static final int BYTES_MAX = 4_096;

    private static final long WITHIN_MILLIS = 5_000;

    private RequestBody() {}

    /** @return an empty object when nothing was sent; fails with an {@link AdminException} */
    static Future<JsonObject> read(Vertx vertx, HttpServerRequest request) {
        Promise<Buffer> whole = Promise.promise();
        Buffer soFar = Buffer.buffer();
        long timer = vertx.setTimer(
                WITHIN_MILLIS, id -> whole.tryFail(new AdminException(408, "the body did not come within 5 s")));
        request.handler(part -> {
            if (soFar.length() + part.length() > BYTES_MAX) {
                whole.tryFail(new AdminException(413, "the body is larger than " + BYTES_MAX + " bytes"));
            } else {
                soFar.appendBuffer(part);
            }
        });
        request.endHandler(v -> whole.tryComplete(soFar));
        request.exceptionHandler(failure -> whole.tryFail(AdminException.bad("the connection ended")));
        return whole.future().onComplete(done -> vertx.cancelTimer(timer)).map(RequestBody::parsed);
    }

    private static JsonObject parsed(Buffer bytes) {
        try {
            return bytes.length() == 0 ? new JsonObject() : bytes.toJsonObject();
        } catch (DecodeException | ClassCastException e) {
            throw AdminException.bad("the body is no JSON object");
        }
    }
}
