import Foundation
import HTTP
import PayopsCore
import TestSupport
import Testing

private let isLong = ProcessInfo.processInfo.environment["PAYOPS_TEST_LONG"] != nil

@Suite("Mutated requests", .timeLimit(.minutes(10)))
struct MutationTests {
  private static let requests = [
    "GET /a/b?x=1&y=%20 HTTP/1.1\r\nHost: here\r\nAccept: */*\r\nAuthorization: Bearer abc\r\n\r\n",
    "POST /p HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\":\"b\"}",
    "GET /stream?count=3 HTTP/1.1\r\nHost: here\r\nConnection: keep-alive\r\n\r\nGET /now HTTP/1.1\r\nHost: here\r\n\r\n",
  ]

  /// Bytes that parsers treat in their own ways.
  private static let sharp: [UInt8] =
    Array("\r\n\0\t :;,%&=?/#\"\\{}[]()<>@".utf8) + [0x7F, 0x80, 0xFF]

  private static func mutate(_ text: String, _ random: inout SeededRandom) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0...random.within(0...4) {
      guard !bytes.isEmpty else { break }
      let place = random.within(0...bytes.count - 1)
      switch random.within(0...5) {
      case 0: bytes[place] = sharp[random.within(0...sharp.count - 1)]
      case 1: bytes.insert(sharp[random.within(0...sharp.count - 1)], at: place)
      case 2: bytes.remove(at: place)
      case 3: bytes[place] = UInt8(random.within(0...255))
      case 4: bytes.insert(contentsOf: bytes[place...].prefix(40), at: place)
      default: bytes.removeSubrange(place..<min(place + 20, bytes.count))
      }
    }
    return bytes
  }

  @Test("no mutated request stops the server, and each answer is one of HTTP")
  func survives() async throws {
    let count = isLong ? 100_000 : 2000
    let server = try HandlerServer()
    var random = SeededRandom(seed: 77)
    var answers = 0
    for number in 0..<count {
      let client = try RawClient(port: server.port)
      client.send(Self.mutate(Self.requests[number % Self.requests.count], &random))
      client.finishSending()
      let text = await client.readToEnd()
      client.end()
      guard !text.isEmpty else { continue }
      answers += 1
      #expect(text.hasPrefix("HTTP/1.1 ") || text.hasPrefix("HTTP/1.0 "), "\(number): \(text)")
      #expect(!text.hasPrefix("HTTP/1.1 500"), "\(number)")
    }
    let neighbour = try RawClient(port: server.port)
    neighbour.send("GET /now HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    let last = await neighbour.readToEnd()
    neighbour.end()
    await server.server.stop(drain: .seconds(1))
    #expect(last.hasSuffix("now"))
    #expect(answers > count / 10)
  }
}
