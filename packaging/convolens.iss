; The installer for Windows: iscc /DVersion=0.1.0 packaging\convolens.iss
; It installs what packaging/check left in dist\convolens, without rights of an administrator.

[Setup]
AppId=Convolens
AppName=Convolens
AppVersion={#Version}
AppPublisher=The Convolens authors
SourceDir=..
OutputDir=dist
OutputBaseFilename=convolens-{#Version}-setup
LicenseFile=LICENSE
DefaultDirName={autopf}\Convolens
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
UninstallDisplayIcon={app}\convolens.exe
WizardStyle=modern

; What an older version brought along, and this one does not.
[InstallDelete]
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "dist\convolens\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs

[Icons]
Name: "{autoprograms}\Convolens"; Filename: "{app}\convolens.exe"

[Registry]
Root: HKA; Subkey: "Software\Classes\.convolens"; ValueType: string; ValueData: "Convolens.Project"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\Convolens.Project"; ValueType: string; ValueData: "Convolens project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Convolens.Project\DefaultIcon"; ValueType: string; ValueData: "{app}\convolens.exe,0"
Root: HKA; Subkey: "Software\Classes\Convolens.Project\shell\open\command"; ValueType: string; ValueData: """{app}\convolens.exe"" ""%1"""
