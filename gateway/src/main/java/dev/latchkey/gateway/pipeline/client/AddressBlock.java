package dev.latchkey.gateway.pipeline.client;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A block of addresses in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3). */
public final class AddressBlock {

    private static final Pattern NOTATION = Pattern.compile("([0-9A-Fa-f:.]{2,45})(?:/([0-9]{1,3}))?");

    private final int bits;
    private final int hostBits;
    private final BigInteger network;

    private AddressBlock(InetAddress address, int bits, int prefix) {
        this.bits = bits;
        this.hostBits = bits - prefix;
        this.network = number(address).shiftRight(hostBits);
    }

    /** The block, or nothing where the text is none; a single address is a block of one. */
    public static Optional<AddressBlock> parse(String text) {
        Matcher parts = NOTATION.matcher(text);
        return parts.matches()
                ? IpAddresses.literal(parts.group(1)).flatMap(it -> of(it, parts.group(2)))
                : Optional.empty();
    }

    private static Optional<AddressBlock> of(InetAddress address, @Nullable String prefix) {
        int bits = address.getAddress().length * 8;
        int length = prefix == null ? bits : Integer.parseInt(prefix);
        return length > bits ? Optional.empty() : Optional.of(new AddressBlock(address, bits, length));
    }

    /** Whether the address lies in this block; IPv4 never lies in a block of IPv6. */
    public boolean contains(InetAddress address) {
        return address.getAddress().length * 8 == bits
                && number(address).shiftRight(hostBits).equals(network);
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }
}
