internal import CSodium

/// libsodium's secretstream (XChaCha20-Poly1305): the reader detects pieces that were changed,
/// reordered or cut off.
package enum SecretStream {
  /// Length of a key, bytes.
  package static let keyLength = Int(crypto_secretstream_xchacha20poly1305_keybytes())
  /// Length of the header before the pieces, bytes.
  package static let headerLength = Int(crypto_secretstream_xchacha20poly1305_headerbytes())
  /// Bytes by which an encrypted piece is longer than the plain one.
  package static let tagLength = Int(crypto_secretstream_xchacha20poly1305_abytes())

  /// Encrypts piece by piece.
  package struct Encryptor {
    private var state: crypto_secretstream_xchacha20poly1305_state
    /// The header that a reader needs before the first piece.
    package let header: [UInt8]

    /// Starts a stream.
    ///
    /// - Parameter key: a key of ``SecretStream/keyLength`` bytes.
    package init(key: SecretKey) {
      _ = SodiumLibrary.isReady
      var state = crypto_secretstream_xchacha20poly1305_state()
      var header = [UInt8](repeating: 0, count: headerLength)
      key.withBytes { bytes, _ in
        _ = crypto_secretstream_xchacha20poly1305_init_push(&state, &header, bytes)
      }
      self.state = state
      self.header = header
    }

    /// Encrypts a piece.
    ///
    /// - Parameters:
    ///   - plain: the piece.
    ///   - context: bytes that are authenticated with it and not stored.
    ///   - isLast: whether no piece follows.
    ///   - output: gets the encrypted piece; with room for the plain one and a tag.
    /// - Returns: length of the encrypted piece.
    package mutating func push(
      _ plain: [UInt8], context: [UInt8], isLast: Bool, into output: inout [UInt8]
    ) -> Int {
      let count = plain.count + tagLength
      precondition(output.count >= count)
      let tag =
        isLast
        ? crypto_secretstream_xchacha20poly1305_tag_final()
        : crypto_secretstream_xchacha20poly1305_tag_message()
      crypto_secretstream_xchacha20poly1305_push(
        &state, &output, nil, plain, UInt64(plain.count), context, UInt64(context.count),
        UInt8(tag))
      return count
    }
  }

  /// Decrypts piece by piece.
  package struct Decryptor {
    private var state = crypto_secretstream_xchacha20poly1305_state()

    /// Starts to read a stream.
    ///
    /// - Parameters:
    ///   - header: the bytes before the pieces, ``SecretStream/headerLength`` of them.
    ///   - key: the key of the stream.
    package init(header: [UInt8], key: SecretKey) {
      precondition(header.count == headerLength)
      _ = SodiumLibrary.isReady
      key.withBytes { bytes, _ in
        _ = crypto_secretstream_xchacha20poly1305_init_pull(&state, header, bytes)
      }
    }

    /// Decrypts a piece.
    ///
    /// - Parameters:
    ///   - piece: the encrypted piece.
    ///   - context: the bytes that were authenticated with it.
    ///   - output: gets the plain piece, with room for it.
    /// - Returns: length of the plain piece, and whether it is marked as the last; nil when it
    ///   differs from the piece that was encrypted at this position.
    package mutating func pull(
      _ piece: ArraySlice<UInt8>, context: [UInt8], into output: inout [UInt8]
    ) -> (count: Int, isLast: Bool)? {
      guard piece.count >= tagLength, output.count >= piece.count - tagLength else { return nil }
      var tag: UInt8 = 0
      var length: UInt64 = 0
      let status = piece.withUnsafeBufferPointer { piece in
        crypto_secretstream_xchacha20poly1305_pull(
          &state, &output, &length, &tag, piece.baseAddress, UInt64(piece.count), context,
          UInt64(context.count))
      }
      guard status == 0 else { return nil }
      return (Int(length), Int32(tag) == Int32(crypto_secretstream_xchacha20poly1305_tag_final()))
    }
  }
}
