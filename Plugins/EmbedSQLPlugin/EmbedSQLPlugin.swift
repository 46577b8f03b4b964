import Foundation
import PackagePlugin

/// Embeds every file of `sql/` and `procedures/` in the module that uses the plugin, so that an
/// installed binary needs no checkout.
@main
struct EmbedSQLPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let root = context.package.directoryURL
    let inputs = ["sql", "procedures"].flatMap { folder in
      files(under: root.appending(path: folder))
    }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
    return [
      .buildCommand(
        displayName: "Embedding \(inputs.count) SQL files",
        executable: try context.tool(named: "EmbedSQL").url,
        arguments: [root.path(percentEncoded: false), output.path(percentEncoded: false)],
        inputFiles: inputs,
        outputFiles: [output])
    ]
  }

  private func files(under folder: URL) -> [URL] {
    let entries = FileManager.default.enumerator(
      at: folder, includingPropertiesForKeys: [.isRegularFileKey])
    var found: [URL] = []
    while let url = entries?.nextObject() as? URL {
      if (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true {
        found.append(url)
      }
    }
    return found.sorted { $0.path < $1.path }
  }
}
