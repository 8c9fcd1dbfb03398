// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object from the text of a frame, in one pass and within fixed bounds.
 *
 * <p>Fields that no request has are skipped. A known field of a wrong type is kept as {@link #WRONG}: whether that matters
 * depends on the operation, which may come later in the frame.
 */
final class FrameReader {

    /** The value of a field that has another type than any request could mean. */
    static final Object WRONG = new Object();

    private static final int DEPTH_MAX = 8;
    private static final int NUMBER_LENGTH_MAX = 32;
    private static final int NAME_LENGTH_MAX = 128;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(NUMBER_LENGTH_MAX)
                    .maxNameLength(NAME_LENGTH_MAX)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private FrameReader() {}

    /**
     * Reads all known fields into {@code slots}, by field.
     *
     * @return null, or a sentence that says why the text is no JSON object; {@code slots} then has what came before
     */
    static @Nullable String read(String text, Map<Field, Object> slots) {
        if (PlainFrame.read(text, slots)) {
            return null;
        }
        slots.clear();
        return readAny(text, slots);
    }

    /** The same, whatever the text is. */
    static @Nullable String readAny(String text, Map<Field, Object> slots) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return "a frame is one JSON object";
            }
            object(parser, slots);
            return parser.nextToken() == null ? null : "something follows the JSON object";
        } catch (StreamConstraintsException e) {
            return "the JSON is nested too deeply, or has too long a name or number";
        } catch (IOException e) {
            return "the frame is not JSON";
        }
    }

    private static void object(JsonParser parser, Map<Field, Object> slots) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            Field field = Field.named(parser.currentName());
            JsonToken token = parser.nextToken();
            if (field == null) {
                parser.skipChildren();
            } else {
                slots.put(field, field == Field.DATA ? items(parser, token) : value(parser, token));
            }
        }
    }

    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_NUMBER_INT -> integer(parser);
            default -> {
                parser.skipChildren();
                yield WRONG;
            }
        };
    }

    private static Object integer(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? WRONG : (Object) parser.getLongValue();
    }

    /** The {@code data} of a storage write: a list of objects, each with slots of its own. */
    private static Object items(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return WRONG;
        }
        List<Map<Field, Object>> items = new ArrayList<>();
        boolean wrong = false;
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            if (next == null) {
                throw new StreamConstraintsException("the list does not end");
            }
            Map<Field, Object> slots = new EnumMap<>(Field.class);
            if (next == JsonToken.START_OBJECT) {
                object(parser, slots);
                items.add(slots);
            } else {
                parser.skipChildren();
                wrong = true;
            }
        }
        return wrong ? WRONG : new Items(items);
    }

    /** The items of {@code data}, each with fields of its own. */
    record Items(List<Map<Field, Object>> all) {}
}
