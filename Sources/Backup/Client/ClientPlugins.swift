internal import Foundation
internal import MariaDBClient

/// A folder with only the client plugins that prove a password without sending it.
///
/// MariaDB's programs have no list of allowed plugins, but load them from a folder.
final class ClientPlugins: Sendable {
  let folder: String

  init() throws(BackupError) {
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
    var template = Array("\(parent)/payops-plugins-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw BackupFolder.failure("make a folder in", parent) }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let source = AuthenticationPlugins.folder else { return }
    for name in AuthenticationPlugins.proving where access("\(source)/\(name).so", R_OK) == 0 {
      symlink("\(source)/\(name).so", "\(folder)/\(name).so")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}
