import Foundation
import Testing

@testable import Backup
@testable import Restore

@Suite("Lock of a folder")
struct FolderLockTests {
  @Test("a link in place of the lock file is refused, and its target stays unchanged")
  func link() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("payops-link-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (victim, link) = ("\(folder)/victim", "\(folder)/lock")
    try Data("kept".utf8).write(to: URL(filePath: victim))
    symlink(victim, link)
    let error = #expect(throws: BackupError.self) { try BackupFolder.Lock.take(link) }
    #expect(error?.code == .folderUnusable)
    symlink("\(folder)/new", "\(folder)/dangling")
    #expect(throws: BackupError.self) { try BackupFolder.Lock.take("\(folder)/dangling") }
    #expect(access("\(folder)/new", F_OK) != 0)
    #expect(try String(contentsOfFile: victim, encoding: .utf8) == "kept")
  }

  @Test("a folder lock is free once dropped, although a starting child process has the file open")
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
