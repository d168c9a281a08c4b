"""ONVIF Device Management service (Core specification, chapter "Device management")."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import ipaddress
import re
from typing import ClassVar, override
from urllib.parse import quote

from simulator.camera import AuthMode, Quirk, VirtualCamera
from simulator.services.base import (
    TDS,
    Access,
    Call,
    Service,
    SoapFault,
    flag,
    invalid,
    local,
    operation,
    q,
    zone,
)


def scopes(camera: VirtualCamera) -> list[str]:
    """Return the scopes of GetScopes and of WS-Discovery."""
    config = camera.config
    profiles = ["Streaming", *([] if camera.has(Quirk.NO_PROFILE_G) else ["G"])]
    profiles += ["T"] if config.media2 else []
    return [
        *(f"onvif://www.onvif.org/Profile/{profile}" for profile in profiles),
        "onvif://www.onvif.org/type/video_encoder",
        "onvif://www.onvif.org/type/Network_Video_Transmitter",
        f"onvif://www.onvif.org/name/{quote(config.name)}",
        f"onvif://www.onvif.org/hardware/{quote(config.model)}",
        f"onvif://www.onvif.org/location/{quote(config.location or config.name)}",
    ]


_HOST_NAME = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?")


def _host_kind(server: str) -> str:
    """Return how a server is named, tt:NetworkHostType."""
    try:
        return f"IPv{ipaddress.ip_address(server).version}"
    except ValueError:
        return "DNS"


def _date_time(name: str, at: datetime) -> str:
    return (
        f"<tt:{name}><tt:Time><tt:Hour>{at.hour}</tt:Hour><tt:Minute>{at.minute}</tt:Minute>"
        f"<tt:Second>{at.second}</tt:Second></tt:Time><tt:Date><tt:Year>{at.year}</tt:Year>"
        f"<tt:Month>{at.month}</tt:Month><tt:Day>{at.day}</tt:Day></tt:Date></tt:{name}>"
    )


class DeviceService(Service):
    """Device management."""

    namespace: ClassVar[str] = TDS
    prefix: ClassVar[str] = "tds"
    path: ClassVar[str] = "/onvif/device_service"
    version: ClassVar[tuple[int, int]] = (20, 12)

    @override
    def capabilities(self) -> str:
        config = self.camera.config
        return (
            '<tds:Capabilities><tds:Network IPFilter="false" ZeroConfiguration="false" IPVersion6="false"'
            ' DynDNS="true" Dot11Configuration="false" Dot1XConfigurations="0" HostnameFromDHCP="false" NTP="1"'
            ' DHCPv6="false"/>'
            f'<tds:Security TLS1.0="false" TLS1.1="false" TLS1.2="{flag(config.tls)}" OnboardKeyGeneration="false"'
            ' AccessPolicyConfig="false" DefaultAccessPolicy="true" Dot1X="false" RemoteUserHandling="false"'
            ' X.509Token="false" SAMLToken="false" KerberosToken="false"'
            f' UsernameToken="{flag(config.auth is not AuthMode.DIGEST)}" HttpDigest="{flag(config.auth is not AuthMode.WSSE)}"'
            f' RELToken="false" MaxUsers="{max(10, len(config.users))}"/>'
            '<tds:System DiscoveryResolve="false" DiscoveryBye="true" RemoteDiscovery="false" SystemBackup="false"'
            ' SystemLogging="false" FirmwareUpgrade="false" HttpFirmwareUpgrade="false" HttpSystemBackup="false"'
            ' HttpSystemLogging="false" HttpSupportInformation="false" StorageConfiguration="true"/>'
            "</tds:Capabilities>"
        )

    @operation("GetServices", Access.PRE_AUTH)
    def get_services(self, call: Call) -> str:
        """Return every service with its address."""
        if self.camera.has(Quirk.CAPABILITIES_ONLY):
            raise SoapFault("GetServices is not known here", "ter:ActionNotSupported")
        wanted = call.required("IncludeCapability") in {"true", "1"}
        items = []
        for service in self.context.services:
            if not service.present():
                continue
            inside = (
                f"<tds:Capabilities>{service.capabilities()}</tds:Capabilities>" if wanted else ""
            )
            major, minor = service.version
            items.append(
                f"<tds:Service><tds:Namespace>{service.namespace}</tds:Namespace>"
                f"<tds:XAddr>{q(call.base)}{service.path}</tds:XAddr>{inside}"
                f"<tds:Version><tt:Major>{major}</tt:Major><tt:Minor>{minor}</tt:Minor></tds:Version></tds:Service>"
            )
        return f"<tds:GetServicesResponse>{''.join(items)}</tds:GetServicesResponse>"

    @operation("GetServiceCapabilities", Access.PRE_AUTH)
    def get_service_capabilities(self, call: Call) -> str:
        """Return what the device service can do."""
        return f"<tds:GetServiceCapabilitiesResponse>{self.capabilities()}</tds:GetServiceCapabilitiesResponse>"

    @operation("GetCapabilities", Access.PRE_AUTH)
    def get_capabilities(self, call: Call) -> str:
        """Return the addresses the way ONVIF 1 did."""
        wanted = set(call.texts("Category")) or {"All"}
        if unknown := wanted - {"All", "Analytics", "Device", "Events", "Imaging", "Media", "PTZ"}:
            raise invalid(f"No such category: {min(unknown)[:40]}", "ter:NoSuchService")
        present = {service.path: service for service in self.context.services if service.present()}

        def address(path: str) -> str:
            return f"<tt:XAddr>{q(call.base)}{path}</tt:XAddr>"

        parts = []
        if wanted & {"All", "Device"}:
            parts.append(
                f"<tt:Device>{address(self.path)}"
                "<tt:Network><tt:IPFilter>false</tt:IPFilter><tt:ZeroConfiguration>false</tt:ZeroConfiguration>"
                "<tt:IPVersion6>false</tt:IPVersion6><tt:DynDNS>true</tt:DynDNS></tt:Network>"
                "<tt:System><tt:DiscoveryResolve>false</tt:DiscoveryResolve><tt:DiscoveryBye>true</tt:DiscoveryBye>"
                "<tt:RemoteDiscovery>false</tt:RemoteDiscovery><tt:SystemBackup>false</tt:SystemBackup>"
                "<tt:SystemLogging>false</tt:SystemLogging><tt:FirmwareUpgrade>false</tt:FirmwareUpgrade>"
                "<tt:SupportedVersions><tt:Major>20</tt:Major><tt:Minor>12</tt:Minor></tt:SupportedVersions></tt:System>"
                "<tt:IO><tt:InputConnectors>0</tt:InputConnectors><tt:RelayOutputs>0</tt:RelayOutputs></tt:IO>"
                f"<tt:Security><tt:TLS1.1>false</tt:TLS1.1><tt:TLS1.2>{flag(self.camera.config.tls)}</tt:TLS1.2>"
                "<tt:OnboardKeyGeneration>false</tt:OnboardKeyGeneration><tt:AccessPolicyConfig>false</tt:AccessPolicyConfig>"
                "<tt:X.509Token>false</tt:X.509Token><tt:SAMLToken>false</tt:SAMLToken>"
                "<tt:KerberosToken>false</tt:KerberosToken><tt:RELToken>false</tt:RELToken></tt:Security></tt:Device>"
            )
        if wanted & {"All", "Events"} and "/onvif/event_service" in present:
            parts.append(
                f"<tt:Events>{address('/onvif/event_service')}"
                "<tt:WSSubscriptionPolicySupport>false</tt:WSSubscriptionPolicySupport>"
                "<tt:WSPullPointSupport>true</tt:WSPullPointSupport>"
                "<tt:WSPausableSubscriptionManagerInterfaceSupport>false</tt:WSPausableSubscriptionManagerInterfaceSupport>"
                "</tt:Events>"
            )
        if wanted & {"All", "Media"}:
            parts.append(
                f"<tt:Media>{address('/onvif/media_service')}<tt:StreamingCapabilities>"
                "<tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>false</tt:RTP_TCP>"
                "<tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media>"
            )
        extension = ""
        if "All" in wanted and "/onvif/recording_service" in present:
            extension = (
                f"<tt:Recording>{address('/onvif/recording_service')}<tt:ReceiverSource>false</tt:ReceiverSource>"
                "<tt:MediaProfileSource>true</tt:MediaProfileSource><tt:DynamicRecordings>false</tt:DynamicRecordings>"
                "<tt:DynamicTracks>false</tt:DynamicTracks><tt:MaxStringLength>64</tt:MaxStringLength></tt:Recording>"
                f"<tt:Search>{address('/onvif/search_service')}<tt:MetadataSearch>false</tt:MetadataSearch></tt:Search>"
                f"<tt:Replay>{address('/onvif/replay_service')}</tt:Replay>"
            )
        if extension:
            parts.append(f"<tt:Extension>{extension}</tt:Extension>")
        return (
            f"<tds:GetCapabilitiesResponse><tds:Capabilities>{''.join(parts)}</tds:Capabilities>"
            "</tds:GetCapabilitiesResponse>"
        )

    @operation("GetSystemDateAndTime", Access.PRE_AUTH)
    def get_system_date_and_time(self, call: Call) -> str:
        """Tell the camera's clock; anonymous, so that a caller can sign with the right time."""
        now = self.camera.now()
        here = local(self.camera, now)
        named = self.camera.time_zone
        if self.camera.has(Quirk.ODD_TIME_ZONE):
            # West of Greenwich counts positive in POSIX; these cameras also add seconds and a summer time.
            hours = -int((here.utcoffset() or timedelta()).total_seconds() // 3600)
            named = f"CST{hours:+d}:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00"
        utc = "" if self.camera.has(Quirk.NO_UTC_TIME) else _date_time("UTCDateTime", now)
        manual = self.camera.clock_by_hand
        if manual is None:
            manual = self.camera.faults.clock_offset != 0
        return (
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime>"
            f"<tt:DateTimeType>{'Manual' if manual else 'NTP'}</tt:DateTimeType>"
            f"<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>{q(named)}</tt:TZ></tt:TimeZone>"
            f"{utc}{_date_time('LocalDateTime', here)}"
            "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
        )

    @operation("SetSystemDateAndTime", Access.WRITE_SYSTEM)
    def set_system_date_and_time(self, call: Call) -> str:
        """Set the clock by hand, or let NTP have it."""
        camera = self.camera
        kind = call.required("DateTimeType")
        if call.required("DaylightSavings") not in {"true", "false", "1", "0"}:
            raise invalid("DaylightSavings is true or false", "ter:InvalidArgs")
        named = call.text("TimeZone/tt:TZ")
        if named is not None:
            try:
                zone(named)
            except ValueError:
                raise invalid("No POSIX time zone", "ter:InvalidTimeZone") from None
            if camera.has(Quirk.TIME_ZONE_REFUSED):
                raise invalid("No such time zone", "ter:InvalidTimeZone")
        given: datetime | None = None
        if kind == "Manual":
            names = (
                "Date/tt:Year",
                "Date/tt:Month",
                "Date/tt:Day",
                "Time/tt:Hour",
                "Time/tt:Minute",
                "Time/tt:Second",
            )
            try:
                numbers = [int(call.required(f"UTCDateTime/tt:{name}")) for name in names]
                year, month, day, hour, minute, second = numbers
                given = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
            except ValueError:
                raise invalid("No such date and time", "ter:InvalidDateTime") from None
        elif kind != "NTP":
            raise invalid("DateTimeType is Manual or NTP", "ter:InvalidArgs")
        # By then the time that was given has gone on.
        ahead = None if given is None else (given - camera.true_now()).total_seconds()

        def apply() -> None:
            if named is not None:
                camera.config = replace(camera.config, time_zone=named)
            camera.clock_by_hand = ahead is not None
            if ahead is not None:
                camera.faults.clock_offset = ahead
            elif not camera.has(Quirk.NTP_UNREACHABLE):
                camera.faults.clock_offset = 0.0
            camera.changed("clock_offset")

        self.change(apply)
        return "<tds:SetSystemDateAndTimeResponse/>"

    @operation("GetDeviceInformation", Access.READ_SYSTEM)
    def get_device_information(self, call: Call) -> str:
        """Name maker, model, firmware and serial number."""
        config = self.camera.config
        return (
            f"<tds:GetDeviceInformationResponse><tds:Manufacturer>{q(config.manufacturer)}</tds:Manufacturer>"
            f"<tds:Model>{q(config.model)}</tds:Model><tds:FirmwareVersion>{q(config.firmware)}</tds:FirmwareVersion>"
            f"<tds:SerialNumber>{q(config.serial)}</tds:SerialNumber><tds:HardwareId>{q(config.model)}</tds:HardwareId>"
            "</tds:GetDeviceInformationResponse>"
        )

    @operation("GetScopes", Access.READ_SYSTEM)
    def get_scopes(self, call: Call) -> str:
        """List the scopes."""
        items = "".join(
            f"<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>{q(scope)}</tt:ScopeItem></tds:Scopes>"
            for scope in scopes(self.camera)
        )
        return f"<tds:GetScopesResponse>{items}</tds:GetScopesResponse>"

    @operation("GetUsers", Access.READ_SYSTEM_SECRET)
    def get_users(self, call: Call) -> str:
        """List the accounts, never their passwords."""
        items = "".join(
            f"<tds:User><tt:Username>{q(user.name)}</tt:Username><tt:UserLevel>{user.level}</tt:UserLevel></tds:User>"
            for user in self.camera.config.users
        )
        return f"<tds:GetUsersResponse>{items}</tds:GetUsersResponse>"

    @operation("GetNetworkInterfaces", Access.READ_SYSTEM)
    def get_network_interfaces(self, call: Call) -> str:
        """Tell the one interface with its hardware address."""
        address = (
            self.camera.config.advertised_host or call.base.split("//", 1)[1].rsplit(":", 1)[0]
        ).strip("[]")
        kind, prefix = ("IPv6", 64) if ":" in address else ("IPv4", 24)
        manual = f"<tt:Manual><tt:Address>{q(address)}</tt:Address><tt:PrefixLength>{prefix}</tt:PrefixLength></tt:Manual>"
        # The two types have their elements in different orders.
        settings = (
            f"<tt:DHCP>Off</tt:DHCP>{manual}"
            if kind == "IPv6"
            else f"{manual}<tt:DHCP>false</tt:DHCP>"
        )
        return (
            '<tds:GetNetworkInterfacesResponse><tds:NetworkInterfaces token="eth0"><tt:Enabled>true</tt:Enabled>'
            f"<tt:Info><tt:Name>eth0</tt:Name><tt:HwAddress>{q(self.camera.config.mac)}</tt:HwAddress>"
            f"<tt:MTU>1500</tt:MTU></tt:Info><tt:{kind}><tt:Enabled>true</tt:Enabled><tt:Config>"
            f"{settings}</tt:Config></tt:{kind}></tds:NetworkInterfaces></tds:GetNetworkInterfacesResponse>"
        )

    @operation("GetNetworkProtocols", Access.READ_SYSTEM)
    def get_network_protocols(self, call: Call) -> str:
        """List HTTP or HTTPS, and RTSP, with their ports."""
        config = self.camera.config
        web = "HTTPS" if config.tls else "HTTP"
        items = "".join(
            f"<tds:NetworkProtocols><tt:Name>{name}</tt:Name><tt:Enabled>true</tt:Enabled><tt:Port>{port}</tt:Port>"
            "</tds:NetworkProtocols>"
            for name, port in ((web, config.http_port), ("RTSP", config.rtsp_port))
        )
        return f"<tds:GetNetworkProtocolsResponse>{items}</tds:GetNetworkProtocolsResponse>"

    @operation("GetHostname", Access.PRE_AUTH)
    def get_hostname(self, call: Call) -> str:
        """Tell the host name."""
        name = f"cam-{self.camera.config.serial}".lower()
        return (
            "<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP>"
            f"<tt:Name>{q(name)}</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>"
        )

    @operation("GetNTP", Access.READ_SYSTEM)
    def get_ntp(self, call: Call) -> str:
        """Tell the time server, one of its own or DHCP's."""
        server = self.camera.config.ntp_server
        if not server:
            inside = "<tt:FromDHCP>true</tt:FromDHCP>"
        else:
            kind = _host_kind(server)
            tag = "DNSname" if kind == "DNS" else f"{kind}Address"
            inside = (
                f"<tt:FromDHCP>false</tt:FromDHCP><tt:NTPManual><tt:Type>{kind}</tt:Type>"
                f"<tt:{tag}>{q(server)}</tt:{tag}></tt:NTPManual>"
            )
        return (
            f"<tds:GetNTPResponse><tds:NTPInformation>{inside}</tds:NTPInformation>"
            "</tds:GetNTPResponse>"
        )

    @operation("SetNTP", Access.WRITE_SYSTEM)
    def set_ntp(self, call: Call) -> str:
        """Name another time server; this camera takes one."""
        by_dhcp = call.required("FromDHCP")
        if by_dhcp not in {"true", "false", "1", "0"}:
            raise invalid("FromDHCP is true or false", "ter:InvalidArgs")
        server = ""
        if by_dhcp in {"false", "0"}:
            kind = call.required("NTPManual/tt:Type")
            if kind not in {"IPv4", "IPv6", "DNS"}:
                raise invalid("No such type of address", "ter:InvalidArgs")
            tag = "DNSname" if kind == "DNS" else f"{kind}Address"
            server = call.required(f"NTPManual/tt:{tag}")
            if kind == "DNS" and not _HOST_NAME.fullmatch(server):
                raise invalid("No host name", "ter:InvalidDnsName")
            if kind != "DNS" and _host_kind(server) != kind:
                raise invalid("No such address", f"ter:Invalid{kind}Address")

        def apply() -> None:
            self.camera.config = replace(self.camera.config, ntp_server=server)

        self.change(apply)
        return "<tds:SetNTPResponse/>"

    @operation("GetDynamicDNS", Access.READ_SYSTEM)
    def get_dynamic_dns(self, call: Call) -> str:
        """Tell the RFC 2136 client's settings; a camera's DynDNS client is not among them."""
        if self.camera.has(Quirk.DYNDNS_NIL):
            return '<tds:GetDynamicDNSResponse><tds:DynamicDNSInformation xsi:nil="true"/></tds:GetDynamicDNSResponse>'
        return (
            "<tds:GetDynamicDNSResponse><tds:DynamicDNSInformation><tt:Type>NoUpdate</tt:Type>"
            "</tds:DynamicDNSInformation></tds:GetDynamicDNSResponse>"
        )

    @operation("GetStorageConfigurations", Access.READ_SYSTEM_SENSITIVE)
    def get_storage_configurations(self, call: Call) -> str:
        """List the configured storage; that is configuration, whatever the card does."""
        empty = '<tds:StorageConfigurations token="SD_DISK_2"><tds:Data type="LocalStorage"/></tds:StorageConfigurations>'
        return (
            '<tds:GetStorageConfigurationsResponse><tds:StorageConfigurations token="SD_DISK">'
            '<tds:Data type="LocalStorage"><tds:LocalPath>/media/sd</tds:LocalPath></tds:Data></tds:StorageConfigurations>'
            f"{empty if self.camera.has(Quirk.EMPTY_DISK_SLOT) else ''}</tds:GetStorageConfigurationsResponse>"
        )

    @operation("SystemReboot", Access.UNRECOVERABLE)
    def system_reboot(self, call: Call) -> str:
        """Reboot, after this answer is out."""
        seconds = self.camera.config.reboot_seconds
        self.context.reboot()
        back = timedelta(seconds=round(seconds))
        return f"<tds:SystemRebootResponse><tds:Message>Back in {back}</tds:Message></tds:SystemRebootResponse>"
