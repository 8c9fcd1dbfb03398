// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A file of keys gives its keys in either form, follows changes, and says what is wrong with it. */
class KeyFileTest {
    private static final KeyPair RSA = KeyPairs.of("RS256");
    private static final KeyPair EC = KeyPairs.of("ES256");

    @TempDir
    private Path directory;

    @Test
    void pem_may_hold_several_keys() throws IOException {
        KeyFile file = read("# ours\n" + KeyPairs.pem(RSA.getPublic()) + KeyPairs.pem(EC.getPublic()));

        assertThat(file.keys()).containsExactly(TokenKey.of(null, RSA.getPublic()), TokenKey.of(null, EC.getPublic()));
    }

    @Test
    void key_set_names_its_keys_and_may_hold_others_that_are_not_for_us() throws IOException {
        KeyFile file = read(KeyPairs.keySet(
                KeyPairs.jwk("r1", RSA.getPublic()),
                KeyPairs.jwk("for encryption", RSA.getPublic()).put("use", "enc"),
                KeyPairs.jwk("another algorithm", RSA.getPublic()).put("alg", "RS512"),
                new JsonObject().put("kty", "oct").put("k", "c2VjcmV0"),
                KeyPairs.jwk("another curve", EC.getPublic()).put("crv", "P-384"),
                KeyPairs.jwk("e1", EC.getPublic())));

        assertThat(file.keys()).containsExactly(TokenKey.of("r1", RSA.getPublic()), TokenKey.of("e1", EC.getPublic()));
    }

    @Test
    void change_of_the_file_is_taken_over_and_a_bad_one_is_not() throws IOException {
        KeyFile file = read(KeyPairs.pem(RSA.getPublic()));
        assertThat(file.look()).as("nothing is new").isFalse();

        write(KeyPairs.pem(EC.getPublic()));
        assertThat(file.look()).isTrue();
        assertThat(file.keys()).containsExactly(TokenKey.of(null, EC.getPublic()));

        write("half a fi");
        assertThat(file.look()).isFalse();
        Files.delete(path());
        assertThat(file.look()).isFalse();
        assertThat(file.keys()).containsExactly(TokenKey.of(null, EC.getPublic()));

        write(KeyPairs.keySet(KeyPairs.jwk("r1", RSA.getPublic())));
        assertThat(file.look()).isTrue();
        assertThat(file.keys()).containsExactly(TokenKey.of("r1", RSA.getPublic()));
    }

    static Stream<Arguments> bad() {
        JsonObject rsa = KeyPairs.jwk("r1", RSA.getPublic());
        return Stream.of(
                arguments("", "no public key"),
                arguments("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "neither RSA nor EC"),
                arguments(KeyPairs.pem(RSA.getPrivate()), "holds a PRIVATE KEY"),
                arguments(KeyPairs.pem(RSA.getPublic()).replace("PUBLIC", "RSA PUBLIC"), "holds a RSA PUBLIC KEY"),
                arguments(KeyPairs.pem(KeyPairs.rsa(1_024).getPublic()), "2048 bits"),
                arguments(KeyPairs.pem(KeyPairs.ec("secp384r1").getPublic()), "curve P-256"),
                arguments("{", "no JSON Web Key Set"),
                arguments("{}", "no public key"),
                arguments("{\"keys\":[1]}", "no JSON Web Key Set"),
                arguments("{\"keys\":{}}", "no JSON Web Key Set"),
                arguments(KeyPairs.keySet(rsa.copy().put("d", "AQAB")), "private key"),
                arguments(KeyPairs.keySet(rsa.copy().put("n", "AQAB")), "no JSON Web Key Set"),
                arguments(KeyPairs.keySet(rsa.copy().put("n", 1)), "the n of a key is not base64url"),
                arguments(KeyPairs.keySet(rsa.copy().put("n", "%")), "the n of a key is not base64url"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void file_of_no_use_is_refused_and_told_why(String content, String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(content)).withMessageContaining(why);
    }

    @Test
    void file_that_is_not_there_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyFile.read(path()))
                .withMessageContaining("cannot be read");
    }

    @Test
    void private_key_is_read_alone() throws IOException {
        write(KeyPairs.pem(EC.getPrivate()));
        assertThat(KeyFile.privateKey(path())).isEqualTo(TokenKey.of(null, EC.getPrivate()));
        write(KeyPairs.pem(EC.getPublic()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyFile.privateKey(path()))
                .withMessageContaining("holds a PUBLIC KEY where a PRIVATE KEY is needed");
        write("");
        assertThatIllegalArgumentException().isThrownBy(() -> KeyFile.privateKey(path()));
    }

    @Test
    void key_shows_nothing_of_itself() {
        assertThat(TokenKey.ofSecret("0123456789012345678901234567890123456789"))
                .hasToString("TokenKey[id=null, algorithm=HS256]");
    }

    private KeyFile read(String content) throws IOException {
        write(content);
        return KeyFile.read(path());
    }

    private void write(String content) throws IOException {
        Files.writeString(path(), content);
    }

    private Path path() {
        return directory.resolve("keys");
    }
}
