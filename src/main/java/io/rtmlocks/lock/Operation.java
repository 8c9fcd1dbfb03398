// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/** Every request a client can make: its {@code op} on the wire and the {@code operation} a failure names (PROTOCOL.md §4). */
public enum Operation {
    LOGIN("login", "RTMLoginOperation"),
    LOGOUT("logout", "RTMLogoutOperation"),
    RENEW_TOKEN("renewToken", "RTMRenewTokenOperation"),
    PING("ping", "RTMPingOperation"),
    HEARTBEAT("heartbeat", "RTMHeartbeatOperation"),
    SUBSCRIBE("subscribe", "RTMSubscribeOperation"),
    UNSUBSCRIBE("unsubscribe", "RTMUnsubscribeOperation"),
    SET_LOCK("setLock", "RTMSetLockOperation"),
    ACQUIRE_LOCK("acquireLock", "RTMAcquireOperation"),
    CANCEL_ACQUIRE("cancelAcquire", "RTMCancelAcquireOperation"),
    RELEASE_LOCK("releaseLock", "RTMReleaseLockOperation"),
    REVOKE_LOCK("revokeLock", "RTMRevokeLockOperation"),
    GET_LOCK("getLock", "RTMGetLockOperation"),
    REMOVE_LOCK("removeLock", "RTMRemoveLockOperation"),
    SET_METADATA("setChannelMetadata", "RTMSetChannelMetadataOperation"),
    UPDATE_METADATA("updateChannelMetadata", "RTMUpdateChannelMetadataOperation"),
    REMOVE_METADATA("removeChannelMetadata", "RTMRemoveChannelMetadataOperation"),
    GET_METADATA("getChannelMetadata", "RTMGetChannelMetadataOperation");

    private final String op;
    private final String failureName;

    Operation(String op, String failureName) {
        this.op = op;
        this.failureName = failureName;
    }

    public String op() {
        return op;
    }

    public String failureName() {
        return failureName;
    }

    /** Whether it works on channel storage, whose errors have numbers of their own (PROTOCOL.md §6). */
    public boolean isStorage() {
        return compareTo(SET_METADATA) >= 0;
    }

    /** Whether it is one of the lock operations, which share a rate limit (PROTOCOL.md §4.8). */
    public boolean isLock() {
        return compareTo(SET_LOCK) >= 0 && compareTo(REMOVE_LOCK) <= 0;
    }
}
