"""The types of the AEOS web service as one table: which elements, in which order, how often, since when.

A line ``Name`` opens a type; the indented lines below it list its elements in the order of the wire, each as
``name kind limit``. ``name?`` may be left out and ``name*`` may repeat; ``+name`` exists in the newer
generation only and ``-name`` in the older one only; ``&Type`` stands for the elements of another type;
``[item kind]`` is a list of ``item`` elements; a limit is in characters. A kind that begins with a capital
letter is a type or a value list, ``any`` is read over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TYPES", "VALUES"]

VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "GenderInfo": ("Unknown", "Male", "Female"),
    "LanguageCode": (
        *("ar", "de", "dk", "en", "es", "fa", "fr", "it", "iw", "nl", "no", "pl", "pt", "ru", "sv", "zh_CN"),
    ),
    "AuthSubject": ("Template", "EntranceGroup", "Entrance"),
    "TypeOfCarrier": (
        *("Employee", "Visitor", "Carrier", "Car", "Contractor", "Person", "Vehicle", "ContactPerson"),
    ),
    "IdentificationType": ("Number", "String", "Hexadecimal", "BCD"),
    "ScheduleType": ("Week", "Free"),
    "Direction": ("Unknown", "In", "Out", "Both"),
    "CarrierState": (
        *("ActivateAutoBlock", "Block", "ActivateApb", "ActivateVerification", "Invisible", "Special"),
    ),
    "PersonSortFields": (
        *("Email", "FirstName", "Gender", "LastName", "MobilePhoneNo", "PersonnelNo", "PhoneNo", "Title"),
    ),
    "VisitSortFields": (
        *("beginVisit", "Company", "ContactPerson", "endVisit", "FirstName", "LastName", "PhoneNo", "Title"),
    ),
}
"""Value lists. Kinds of authorisation and sort directions are not among them: wrong ones have error codes of
their own (301, 303) and are found later."""

TYPES: Final = """
CarrierInfo
    Id? long, +NetworkId? int, CarrierType? string, UnitId? long, ArrivalDateTime? dateTime
    LeaveDateTime? dateTime, NrMovements? int, ReadOnly? boolean, Freefield* FreeFieldInfo
    +Approvee? boolean, +ModificationDate? dateTime
FreeFieldInfo
    DefinitionId long, Name? string, value string, +WarningId? long
PersonFields
    &CarrierInfo
    LastName? string 50, PersonnelNo? string 50, FirstName? string 40, MiddleName? string
    Gender? GenderInfo, Title? string 25, PhoneNo? string 25, Language? LanguageCode 12
    MobilePhoneNo? string 25, Email? string 128
PersonInfo
    &PersonFields, -ContactPersonId? long
EmployeeInfo
    &PersonFields, ContactPersonId? long, DepartmentId? long
VisitorInfo
    &PersonFields, ContactPersonId? long, +ContactPersonIds? [ContactPersonId long], Company? string
    +GuideIds? [GuideId long], +PersonToVisitId? long

PersonSearchInfo
    PersonInfo PersonInfo, SearchRange? SearchRange, +SortOrder* PersonSortOrderItem
PersonList
    Person* PersonInfo, +SearchResultInfo? SearchResultInfo
PersonIdSearchInfo
    +CarrierType? string, +PersonnelNo? string 50, +SearchRange? SearchRange
PersonIdInfo
    +Id? long, +CarrierType? string
PersonSortOrderItem
    +Order string, +FieldName PersonSortFields
VisitorSearchInfo
    VisitorInfo VisitorSearchInfoVisitorInfo, SearchRange? SearchRange, +SortOrder* PersonSortOrderItem
VisitorSearchInfoVisitorInfo
    &VisitorInfo, +ArrivalDateTimeRange? DatePeriod, +LeaveDateTimeRange? DatePeriod
    +ModificationDateRange? DatePeriod, +AuthorizationTemplateIdList? [TemplateId long]
DatePeriod
    +From? dateTime, +Until? dateTime
VisitorList
    Visitor* VisitorInfoComplete, +SearchResultInfo? SearchResultInfo
VisitorInfoComplete
    VisitorInfo VisitorInfo, FirstPhoto? ImageInfo
ImageInfo
    Id? long, Type string, Picture base64, ModificationDate? dateTime, CreationDate? dateTime
SearchRange
    startRecordNo int, nrOfRecords? int
SearchResultInfo
    +startRecordNo int, +requestedSize int, +resultSize int, +totalSize? int

VisitInfo
    Id? long, VisitorId long, ContactPersonId long, beginVisit dateTime, endVisit dateTime
    Authorization AuthorisationOnline
VisitSearchInfo
    Id? long, VisitorId? long, ContactPersonId? long, beginVisit? dateTime, endVisit? dateTime
    SearchRange? SearchRange, +SortOrder* VisitSortOrderItem
VisitSortOrderItem
    +Order string, +FieldName VisitSortFields
VisitList
    Visit* VisitInfo, +SearchResultInfo? SearchResultInfo

ProfileInfoBase
    CarrierId long, AuthorisationOnline? AuthorisationOnline, AuthorisationOffline? AuthorisationOffline
    AuthorisationSoaa? any, +AuthorisationLoXS? any, +AuthorisationLocker? any, +AuthorisationKeyCabinet? any
ProfileInfo
    &ProfileInfoBase
    AccessDuringHoliday? boolean, +SoaaUpdateInterval? int, +SOAABlacklistEnabled? boolean
AuthorisationOnline
    TemplateAuthorisation* TemplateAuthorisationOnline
    EntranceGroupAuthorisation* EntranceGroupAuthorisationOnline
    EntranceAuthorisation* EntranceAuthorisationOnline
TemplateAuthorisationOnline
    Id? long, Enabled boolean, RuleId? long, TemplateId long, DateFrom dateTime, DateUntil? dateTime
EntranceGroupAuthorisationOnline
    Id? long, Enabled boolean, RuleId? long, EntranceGroupId long, DateTimeScheduleId long
    DateFrom dateTime, DateUntil? dateTime, +SpecialDays? boolean
EntranceAuthorisationOnline
    Id? long, Enabled boolean, RuleId? long, EntranceId long, DateTimeScheduleId long
    DateFrom dateTime, DateUntil? dateTime, +SpecialDays? boolean
AuthorisationOffline
    TemplateAuthorisation* TemplateAuthorisationOffline
    EntranceGroupAuthorisation* EntranceGroupAuthorisationOffline
    EntranceAuthorisation* EntranceAuthorisationOffline
TemplateAuthorisationOffline
    Id? long, Enabled boolean, RuleId? long, TemplateId long
EntranceGroupAuthorisationOffline
    Id? long, Enabled boolean, RuleId? long, EntranceGroupId long, DateTimeScheduleId long
EntranceAuthorisationOffline
    Id? long, Enabled boolean, RuleId? long, EntranceId long, DateTimeScheduleId long
ProfileInfoAuthorisationIds
    +CarrierId long, +AuthorisationOnlineId? AuthorisationOnlineId
    +AuthorisationOfflineId? AuthorisationOfflineId, +AuthorisationSoaaId? any, +AuthorisationLoXSId? any
    +AuthorisationLockerId? any, +AuthorisationKeyCabinetId? any
AuthorisationOnlineId
    +TemplateAuthorisation* TemplateAuthorisationIdPeriodOnline
    +EntranceGroupAuthorisation* EntranceGroupAuthorisationIdPeriodOnline
    +EntranceAuthorisation* EntranceAuthorisationIdPeriodOnline
TemplateAuthorisationIdPeriodOnline
    +TemplateId long, +DateFrom? dateTime, +DateUntil? dateTime
EntranceGroupAuthorisationIdPeriodOnline
    +EntranceGroupId long, +DateTimeScheduleId? long, +DateFrom? dateTime, +DateUntil? dateTime
EntranceAuthorisationIdPeriodOnline
    +EntranceId long, +DateTimeScheduleId? long, +DateFrom? dateTime, +DateUntil? dateTime
AuthorisationOfflineId
    +TemplateAuthorisation* TemplateAuthorisationIdPeriodOffline
    +EntranceGroupAuthorisation* EntranceGroupAuthorisationIdPeriodOffline
    +EntranceAuthorisation* EntranceAuthorisationIdPeriodOffline
TemplateAuthorisationIdPeriodOffline
    +TemplateId long
EntranceGroupAuthorisationIdPeriodOffline
    +EntranceGroupId long, +DateTimeScheduleId? long
EntranceAuthorisationIdPeriodOffline
    +EntranceId long, +DateTimeScheduleId? long

TemplateSearchInfo
    TemplateInfo TemplateInfo, SearchRange? SearchRange
TemplateInfo
    Id? long, Name? string 150, Description? string 150, UnitOfAuthType string, TemplateItem* TemplateItem
    +LockerCarrierRole? string, +LockerFunction? string, +CarrierTypeList? [CarrierType TypeOfCarrier]
TemplateItem
    SubjectId? long, ScheduleId? long, AuthorisationType? AuthSubject, +NoPermanentLockers? int
    +MaximumLockers? int, +LockerAuthorisationGroupNetworkId? int, +LockerAuthorisationPresetId? long
    +LockerFunction? string
TemplateList
    Template* TemplateInfo, +SearchResultInfo? SearchResultInfo
EntranceSearchInfo
    EntranceInfo EntranceInfo, SearchRange? SearchRange
EntranceInfo
    Id? long, Name? string 150, Location? string 50, Description? string 150, UnitOfAuthType string
    +SiteId? long, +SOAASiteId? string, SubSiteId? long, verificationdisabledschedid? long
    autounlockscheduleid? long, autolockscheduleid? long, togglescheduleid? long, +LockId? long
EntranceList
    Entrance* EntranceInfo, +SearchResultInfo? SearchResultInfo
EntranceGroupSearchInfo
    EntranceGroupInfo EntranceGroupInfo, SearchRange? SearchRange
EntranceGroupInfo
    Id? long, Name? string 150, Description? string 150, UnitOfAuthType string
    EntranceIdList? [EntranceId long], EntranceIdDirectionList? EntranceIdDirection
    RegionId? long, AreaId? long, OrganizationId? long, SiteId? long, +SOAASiteId? string, +LockGroupId? long
EntranceIdDirection
    Id long, Direction Direction
EntranceGroupList
    EntranceGroup* EntranceGroupInfo, +SearchResultInfo? SearchResultInfo
DayTimeScheduleInfo
    Id? long, Name? string 50, Description? string 50, Type? ScheduleType, StartDate? date
    LengthInDays? int, DayPeriod* DayPeriodInfo, Restricted? boolean
DayPeriodInfo
    Id? long, StartDay int, StartHour int, StartMinute int, EndDay int, EndHour int, EndMinute int

IdentifierInfo
    Id long, IdentifierType long, BadgeNumber string 32, Blocked boolean, Replaced? boolean
    ReplacedBy? long, DateBlocked? dateTime, BlockReason? long, Status? int, UnitId? long
CarrierIdentifierData
    CarrierId long, IdentifierType long, BadgeNumber string 32, UnitId? long
IdentifierData
    IdentifierType long, BadgeNumber string 32, +UnitId? long
IdentifierBlockData
    IdentifierType long, BadgeNumber string 32, Reason long
IdentifierWithdraw
    IdentifierType long, BadgeNumber string 32, RestoreReplaced? boolean
IdentifierReplaceData
    CarrierId long, IdentifierTypeFrom long, BadgeNumberFrom string 32, IdentifierTypeTo long
    BadgeNumberTo string 32, Reason long, +EndValidity? dateTime
IdentifierSearchInfo
    IdentifierSearch? IdentifierSearch, SearchRange? SearchRange
IdentifierSearch
    Id? long, BadgeNumber? string 32, IdentifierType? long, UnitId? long
IdentifierAndCarrierIdList
    IdentifierAndCarrierId* IdentifierAndCarrierIdListIdentifierAndCarrierId
    +SearchResultInfo? SearchResultInfo
IdentifierAndCarrierIdListIdentifierAndCarrierId
    Identifier IdentifierInfo, CarrierId? long
AssignedIdentifierSearchInfo
    IdentifierTypeId long, BadgeNumber string 32, OnTime? dateTime
IdentifierTypeInfo
    Id? long, Name? string, IdentificationType? IdentificationType, MinimumValue? string
    MaximumValue? string, +Mapped? boolean, +SOAABlacklistEnabled? boolean

CarrierBlockData
    CarrierId long, Reason long
CarrierStateChange
    CarrierId long, State CarrierState, Activated boolean, ValueOrReason? long
CarrierStateInfo
    CarrierId long, States CarrierStates
CarrierStates
    Blocked? boolean, BlockReason? long, ExcludedFromApb? boolean, AutoBlockEnabled? boolean
    Special? boolean, Invisible? boolean, ExcludedFromVerification? boolean

VersionInfo
    AeosVersion string, WebServiceVersion string, WebServiceBuild string
NameSearch
    Id? long, Name? string
BlockReasonInfo
    Id long, Description string, CarrierBlockReason boolean, IdentifierBlockReason boolean
    IdentifierWithdrawReason boolean, IdentifierWithdrawReplacedReason boolean
    IdentifierReplacementReason boolean
UnitInfo
    Id? long, Name? string, Location? string
FreeFieldDefinitionInfo
    Id long, Name string, CategoryId long, Sequence int, Column int
EventTypeInfo
    Id long, Name string
EventSearchInfo
    EventSearch EventSearch, SearchRange? SearchRange
EventSearch
    EventLogType? string, GreaterThanId? long, EventType* long, FromDateTime dateTime
    UntilDateTime? dateTime, EntranceId* long, EntranceName? string, IdentifierTypeId? long
    BadgeNumber? string 32, CarrierId? long, CarrierType? string, Department? string
    PersonnelNo? string 50, UnitId? long, +HostNameLike? string, +HostNamesEqual* string
    +Attribute? string, +Language? string, OptionalResultFields* string
EventInfo
    Id long, EventTypeId long, EventTypeName string, DateTime dateTime, HostName? string
    AccesspointId? long, AccesspointName? string, EntranceId? long, EntranceName? string
    IdentifierId? long, Identifier? string, CarrierId? long, CarrierFullName? string, IntValue? int
    Attribute? string, OptionalFieldData* AttributeInfo, +FormattedData? EventInfoFormattedData
AttributeInfo
    Key string, Value string
EventInfoFormattedData
    +ServerTime? dateTime, +EventType? string, +Source? string, +Description? string
EventList
    Event* EventInfo, +SearchResultInfo? SearchResultInfo

PersonIdList
    PersonId* PersonIdInfo
DayTimeScheduleList
    DayTimeSchedule* DayTimeScheduleInfo
IdentifierList
    Identifier* IdentifierInfo
IdentifierTypeList
    Identifier* IdentifierTypeInfo
BlockReasonList
    BlockReason* BlockReasonInfo
UnitList
    Unit* UnitInfo
FreeFieldDefinitionList
    FreeFieldDefinition* FreeFieldDefinitionInfo
EventTypeList
    EventType* EventTypeInfo
"""
