import Foundation
import MariaDBClient
import PayopsCore
import Synchronization
import TestSupport
import Testing

@Suite("A server that asks for files of the client", .timeLimit(.minutes(2)))
struct RogueServerTests {
  /// A server that accepts any login and answers statements with a request for a local file, as
  /// LOAD DATA LOCAL would. It records the replies.
  ///
  /// Packets are those of the MySQL protocol: three bytes of length, one of sequence, payload.
  private final class RogueServer: Sendable {
    let port: Int
    private let descriptor: Int32
    /// Beginnings of the statements that are answered with a request.
    private let targets: [String]
    /// Payloads received after a request.
    private let loot = Mutex<[[UInt8]]>([])
    private let wishes = Mutex(0)

    var received: [[UInt8]] { loot.withLock { $0 } }
    var wishCount: Int { wishes.withLock { $0 } }

    init(answering targets: [String]) throws {
      self.targets = targets
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let listening = descriptor
      let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(listening, $0, length) == 0 && listen(listening, 4) == 0
            ? getsockname(listening, $0, &length) : -1
        }
      }
      try #require(status == 0)
      port = Int(UInt16(bigEndian: address.sin_port))
      Thread.detachNewThread { [self] in
        while case let client = accept(listening, nil, nil), client >= 0 {
          serve(client)
          close(client)
        }
        // Only here: another server's socket may get the number as soon as it is free.
        close(listening)
      }
    }

    func stop() {
      shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private func serve(_ client: Int32) {
      var greeting: [UInt8] = [10] + Array("5.5.5-10.11.0-MariaDB".utf8) + [0]
      greeting += [1, 0, 0, 0] + Array("abcdefgh".utf8) + [0]
      // Protocol 4.1, secure connection, plugin names, local files; autocommit.
      greeting += [0x81 | 0x08, 0xa2, 33, 2, 0, 0x08, 0x00, 21] + Array(repeating: 0, count: 10)
      greeting += Array("ijklmnopqrst".utf8) + [0] + Array("mysql_native_password".utf8) + [0]
      send(greeting, sequence: 0, to: client)
      guard receive(from: client) != nil else { return }
      let ok: [UInt8] = [0, 0, 0, 2, 0, 0, 0]
      send(ok, sequence: 2, to: client)
      while let command = receive(from: client), let kind = command.payload.first, kind != 1 {
        let isTarget = targets.contains { command.payload.dropFirst().starts(with: $0.utf8) }
        guard kind == 3, isTarget else {
          send(ok, sequence: 1, to: client)
          continue
        }
        wishes.withLock { $0 += 1 }
        send([0xfb] + Array("/etc/passwd".utf8), sequence: 1, to: client)
        // The file in packets, the last of which is empty.
        var sequence: UInt8 = 2
        while let packet = receive(from: client) {
          sequence = packet.sequence &+ 1
          if packet.payload.isEmpty { break }
          loot.withLock { $0.append(packet.payload) }
        }
        send(ok, sequence: sequence, to: client)
      }
    }

    private func send(_ payload: [UInt8], sequence: UInt8, to client: Int32) {
      let length = payload.count
      let packet =
        [UInt8(length & 255), UInt8(length >> 8 & 255), UInt8(length >> 16), sequence] + payload
      _ = packet.withUnsafeBytes {
        Foundation.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
    }

    private func receive(from client: Int32) -> (sequence: UInt8, payload: [UInt8])? {
      guard let head = bytes(4, from: client) else { return nil }
      let length = Int(head[0]) | Int(head[1]) << 8 | Int(head[2]) << 16
      return bytes(length, from: client).map { (head[3], $0) }
    }

    private func bytes(_ count: Int, from client: Int32) -> [UInt8]? {
      var result: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 4096)
      while result.count < count {
        let read = recv(client, &buffer, min(buffer.count, count - result.count), 0)
        guard read > 0 else { return nil }
        result += buffer.prefix(read)
      }
      return result
    }
  }

  private func connect(_ server: RogueServer) async throws -> Connection {
    try await Connection.open(
      ConnectionOptions(
        host: "127.0.0.1", port: server.port, user: "payops", password: Secret("pass"), tls: .off))
  }

  @Test("a server that asks for a file on connecting gets nothing")
  func connecting() async throws {
    let server = try RogueServer(answering: [""])
    defer { server.stop() }
    await #expect(throws: DatabaseError.self) {
      let connection = try await connect(server)
      await connection.close()
    }
    #expect(server.wishCount > 0)
    #expect(server.received == [])
  }

  @Test("a server that asks for a file gets nothing for queries, and in a load only the source")
  func asking() async throws {
    let server = try RogueServer(answering: ["SELECT", "LOAD"])
    defer { server.stop() }
    let connection = try await connect(server)
    for sql in ["SELECT 1", "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t"] {
      let error = await #expect(throws: DatabaseError.self) { try await connection.query(sql) }
      #expect(error?.code == .localInfileRefused, "\(error?.debugDescription ?? "")")
    }
    #expect(server.wishCount == 2)
    #expect(server.received == [])
    // Control: the server does get the bytes of the load.
    var source = LoadDataTests.Lines(count: 3)
    try await connection.loadData(LoadDataTests.load, from: &source)
    #expect(server.received.joined().elementsEqual("1\n2\n3\n".utf8))
    await connection.close()
  }
}
