// SPDX-License-Identifier: Apache-2.0
/** What operators see and do below {@code /admin} on the management port: a page, and the JSON API behind it. */
@NullMarked
package io.rtmlocks.admin;

import org.jspecify.annotations.NullMarked;
