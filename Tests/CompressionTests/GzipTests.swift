import Compression
import Foundation
import Testing

@Suite struct GzipTests {
  /// Bytes by a fixed rule, of a kind that packs well and of one that does not.
  private static func bytes(_ count: Int, isNoise: Bool) -> [UInt8] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return isNoise ? UInt8(truncatingIfNeeded: state >> 33) : UInt8(index % 7)
    }
  }

  private static func inflated(
    _ packed: [UInt8], pieces: Int
  ) throws(GzipInflater.Damage) -> [UInt8] {
    let inflater = try GzipInflater()
    var output: [UInt8] = []
    var rest = packed[...]
    var isEnd = false
    while !isEnd, !rest.isEmpty {
      let input = Array(rest.prefix(pieces))
      var room = [UInt8](repeating: 0, count: 100)
      var step: GzipInflater.Step?
      var damage: GzipInflater.Damage?
      input.withUnsafeBytes { source in
        room.withUnsafeMutableBytes { target in
          do throws(GzipInflater.Damage) {
            step = try inflater.inflate(source, into: target)
          } catch {
            damage = error
          }
        }
      }
      if let damage { throw damage }
      guard let step else { break }
      output += room.prefix(step.written)
      rest = rest.dropFirst(step.used)
      isEnd = step.isEnd
    }
    return isEnd ? output : output + [0]
  }

  @Test(arguments: [0, 1, 99, 100, 101, 40_000], [false, true])
  func whatIsPackedComesBack(count: Int, isNoise: Bool) throws {
    let bytes = Self.bytes(count, isNoise: isNoise)
    let packed = try #require(Gzip.compressed(bytes))
    #expect(Gzip.compressed(bytes) == packed)
    if count > 1000, !isNoise { #expect(packed.count < count / 50) }
    for pieces in [1, 7, 1 << 20] {
      #expect(try Self.inflated(packed, pieces: pieces) == bytes)
    }
  }

  @Test func aChangedByteIsDamage() throws {
    let bytes = Self.bytes(500, isNoise: true)
    let packed = try #require(Gzip.compressed(bytes))
    for place in [0, 1, 2, packed.count / 2, packed.count - 6] {
      var changed = packed
      changed[place] ^= 0x55
      #expect((try? Self.inflated(changed, pieces: 64)) != bytes)
    }
  }
}
