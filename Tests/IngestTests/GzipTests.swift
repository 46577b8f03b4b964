import Testing

@testable import Ingest

@Suite("Compressed input")
struct GzipTests {
  private let text = Array(String(repeating: "timestamp,status,count\n", count: 9_000).utf8)

  @Test("plain bytes pass the gzip source unchanged", arguments: [1, 7, 100_000])
  func plain(chunk: Int) throws {
    #expect(try Fixtures.unpack(text, chunk: chunk) == text)
    #expect(try Fixtures.unpack([0x1f], chunk: chunk) == [0x1f])
    #expect(try Fixtures.unpack([], chunk: chunk) == [])
  }

  @Test("a gzip file of several members gives the bytes of all", arguments: [1, 7, 100_000])
  func members(chunk: Int) throws {
    let bytes = Fixtures.gzip(text) + Fixtures.gzip([]) + Fixtures.gzip(Array("end".utf8))
    #expect(try Fixtures.unpack(bytes, chunk: chunk) == text + Array("end".utf8))
    #expect(try Fixtures.unpack(bytes + [0, 0, 0], chunk: chunk) == text + Array("end".utf8))
  }

  @Test("a gzip file that is cut off anywhere is an error")
  func truncated() throws {
    let bytes = Fixtures.gzip(Array("a,b\n1,2\n".utf8))
    for length in 2..<bytes.count {
      let error = #expect(throws: ImportError.self) {
        try Fixtures.unpack(Array(bytes.prefix(length)))
      }
      #expect(error?.code == .damaged)
    }
  }

  @Test("a wrong gzip checksum and bytes after the end are errors")
  func corrupt() throws {
    var bytes = Fixtures.gzip(Array("a,b\n1,2\n".utf8))
    #expect(throws: ImportError.self) { try Fixtures.unpack(bytes + [1, 2, 3]) }
    bytes[bytes.count - 6] ^= 1
    #expect(throws: ImportError.self) { try Fixtures.unpack(bytes) }
  }
}
