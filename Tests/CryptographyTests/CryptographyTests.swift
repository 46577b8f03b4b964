import PayopsCore
import Testing

@testable import Cryptography

@Suite("Hashes and authentication codes")
struct HashTests {
  private static let key = SecretKey(Array(0..<32))

  @Test("SHA-256 is that of FIPS 180-4, in one piece or in many")
  func sha256() {
    #expect(
      SHA256.of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(SHA256.of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    var hash = SHA256()
    for byte in "abc".utf8 { [byte].withUnsafeBytes { hash.update($0) } }
    #expect(hash.finish() == SHA256.of("abc"))
  }

  @Test("HMAC-SHA-256 is that of RFC 4231")
  func hmacSHA256() {
    #expect(
      HMACSHA256.of(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      HMACSHA256.of(
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        key: [UInt8](repeating: 0xaa, count: 131))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test("HMAC-SHA-512/256 is the front of Python's HMAC-SHA-512, in one piece or in many")
  func hmacSHA512256() {
    let expected = "e11d76c380cdfd3c4598d7ed67bc7cb2c0467aa5e7e9cefaca45e9ca1fbf20d1"
    for pieces in [["what do ya want for nothing?"], ["what do ya ", "", "want for nothing?"]] {
      var code = HMACSHA512256(key: Self.key)
      for piece in pieces { code.update(Array(piece.utf8)) }
      #expect(code.finish() == expected)
    }
  }

  @Test("BLAKE2b with a key is Python's")
  func blake2b() {
    #expect(
      Hexadecimal.text(BLAKE2b.hash(Array("abc".utf8), key: Self.key, length: 32))
        == "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f")
  }

  @Test("texts are equal when every byte is")
  func equality() {
    #expect(ConstantTime.areEqual("abc", "abc") && ConstantTime.areEqual("", ""))
    #expect(!ConstantTime.areEqual("abc", "abd") && !ConstantTime.areEqual("abc", "ab"))
  }
}

@Suite("Secret keys")
struct SecretKeyTests {
  @Test("are read from hexadecimal digits of the right number")
  func reading() {
    #expect(SecretKey.reading("00ffA0", length: 3) == SecretKey([0, 255, 160]))
    #expect(SecretKey.reading("00ffA0", length: 3)?.reveal == "00ffa0")
    for text in ["", "00ff", "00ffa", "00ffa00", "00ffg0", "００ff"] {
      #expect(SecretKey.reading(text, length: 3) == nil)
    }
  }

  @Test("made at random differ, and are as long as asked for")
  func random() throws {
    let one = try #require(SecretKey.random(length: 32))
    let other = try #require(SecretKey.random(length: 32))
    #expect(one != other && one.reveal.utf8.count == 64)
    #expect(SecretKey([1]) != SecretKey([1, 0]))
  }

  @Test("do not show themselves")
  func hidden() {
    let key = SecretKey([0xab, 0xcd])
    var text = "\(key) \(String(reflecting: key))"
    dump(key, to: &text)
    #expect(!text.contains("abcd") && !text.contains("171") && !text.contains("205"))
  }
}

@Suite("Encrypted streams")
struct SecretStreamTests {
  private let key = SecretKey(Array(1...32))
  private let context = Array("name".utf8)

  private func encrypted(_ pieces: [[UInt8]]) -> (header: [UInt8], pieces: [[UInt8]]) {
    var stream = SecretStream.Encryptor(key: key)
    var output = [UInt8](repeating: 0, count: 100)
    let encrypted = pieces.enumerated().map { number, piece in
      let count = stream.push(
        piece, context: context, isLast: number == pieces.count - 1, into: &output)
      return Array(output[..<count])
    }
    return (stream.header, encrypted)
  }

  @Test("come back as they were, and only the last piece is marked as such")
  func roundTrip() throws {
    let (header, pieces) = encrypted([[1, 2, 3], [], [4]])
    #expect(pieces.map(\.count) == [3, 0, 1].map { $0 + SecretStream.tagLength })
    var stream = SecretStream.Decryptor(header: header, key: key)
    var plain = [UInt8](repeating: 0, count: 100)
    let first = try #require(stream.pull(pieces[0][...], context: context, into: &plain))
    #expect(plain[..<first.count] == [1, 2, 3] && !first.isLast)
    let second = try #require(stream.pull(pieces[1][...], context: context, into: &plain))
    #expect(second == (0, false))
    let last = try #require(stream.pull(pieces[2][...], context: context, into: &plain))
    #expect(plain[..<last.count] == [4] && last.isLast)
  }

  @Test(
    "refuse a piece that was changed, cut, taken out of its order, or is of another name or key")
  func damage() {
    let (header, pieces) = encrypted([[1, 2, 3], [4]])
    var plain = [UInt8](repeating: 0, count: 100)
    var changed = pieces[0]
    changed[1] ^= 1
    let cut = Array(pieces[0].dropLast())
    for (piece, context, key) in [
      (changed, context, key), (cut, context, key), ([], context, key),
      (pieces[1], context, key), (pieces[0], Array("other".utf8), key),
      (pieces[0], context, SecretKey(Array(2...33))),
    ] {
      var stream = SecretStream.Decryptor(header: header, key: key)
      #expect(stream.pull(piece[...], context: context, into: &plain) == nil)
    }
  }
}
