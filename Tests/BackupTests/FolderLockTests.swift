import Foundation
import Testing

@testable import Backup

@Suite("Lock of a folder")
struct FolderLockTests {
  @Test("it is free once it is dropped, although a program that is being started has the file")
  func duplicate() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("payops-lock-\(UUID().uuidString)").path
    defer { unlink(path) }
    var lock = try BackupFolder.Lock.take(path)
    #expect(lock != nil)
    #expect(try BackupFolder.Lock.take(path) == nil)
    // What a child has between fork and exec: another descriptor of the same open file.
    let copies = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
      .compactMap { Int32($0) }
      .filter {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
      }
      .map { dup($0) }
    #expect(copies.count == 1)
    lock = nil
    #expect(try BackupFolder.Lock.take(path) != nil)
    for copy in copies { close(copy) }
  }
}
