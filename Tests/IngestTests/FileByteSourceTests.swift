import Foundation
import Testing

@testable import Ingest

@Suite("Bytes of a file")
struct FileByteSourceTests {
  private func read(_ path: String) throws -> [UInt8] {
    let source = CheckedByteSource(try FileByteSource(path: path))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 3, alignment: 1)
    defer { buffer.deallocate() }
    var bytes: [UInt8] = []
    while case let count = try source.read(into: buffer), count > 0 { bytes += buffer[..<count] }
    #expect(source.byteCount == bytes.count)
    return bytes
  }

  @Test("all bytes of a file are read, in order, and counted")
  func whole() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    let text = Array("ten bytes!".utf8)
    try Data(text).write(to: file)
    #expect(try read(file.path) == text)
  }

  @Test(
    "a file that cannot be read is an error with its name, not an empty or endless one",
    arguments: [
      ("/nowhere/file", "cannot open /nowhere/file: no such file or directory"),
      ("/tmp", "/tmp is a directory"),
      // Opening succeeds, and the first read fails.
      ("/proc/self/mem", "cannot read /proc/self/mem: input/output error"),
    ])
  func unreadable(path: String, message: String) {
    let error = #expect(throws: ImportError.self) { try read(path) }
    #expect(error?.code == .unreadable)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
