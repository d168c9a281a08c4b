var e=globalThis,t=e.ShadowRoot&&(e.ShadyCSS===void 0||e.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,n=Symbol(),r=/* @__PURE__ */ new WeakMap,i=class{constructor(e,t,r){if(this._$cssResult$=!0,r!==n)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,n=this.t;if(t&&e===void 0){let t=n!==void 0&&n.length===1;t&&(e=r.get(n)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),t&&r.set(n,e))}return e}toString(){return this.cssText}},a=e=>new i(typeof e==`string`?e:e+``,void 0,n),o=(e,...t)=>new i(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,n),s=(n,r)=>{if(t)n.adoptedStyleSheets=r.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let t of r){let r=document.createElement(`style`),i=e.litNonce;i!==void 0&&r.setAttribute(`nonce`,i),r.textContent=t.cssText,n.appendChild(r)}},c=t?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return a(t)})(e):e,{is:l,defineProperty:u,getOwnPropertyDescriptor:d,getOwnPropertyNames:f,getOwnPropertySymbols:p,getPrototypeOf:m}=Object,ee=globalThis,te=ee.trustedTypes,ne=te?te.emptyScript:``,re=ee.reactiveElementPolyfillSupport,h=(e,t)=>e,ie={toAttribute(e,t){switch(t){case Boolean:e=e?ne:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},ae=(e,t)=>!l(e,t),oe={attribute:!0,type:String,converter:ie,reflect:!1,useDefault:!1,hasChanged:ae};Symbol.metadata??=Symbol(`metadata`),ee.litPropertyMetadata??=/* @__PURE__ */ new WeakMap;var g=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=oe){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&u(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=d(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??oe}static _$Ei(){if(this.hasOwnProperty(h(`elementProperties`)))return;let e=m(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(h(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(h(`properties`))){let e=this.properties,t=[...f(e),...p(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=/* @__PURE__ */ new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(c(e))}else e!==void 0&&t.push(c(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=/* @__PURE__ */ new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=/* @__PURE__ */ new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=/* @__PURE__ */ new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return s(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?ie:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?ie:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??ae)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=/* @__PURE__ */ new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=/* @__PURE__ */ new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=/* @__PURE__ */ new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};g.elementStyles=[],g.shadowRootOptions={mode:`open`},g[h(`elementProperties`)]=/* @__PURE__ */ new Map,g[h(`finalized`)]=/* @__PURE__ */ new Map,re?.({ReactiveElement:g}),(ee.reactiveElementVersions??=[]).push(`2.1.2`);var se=globalThis,ce=e=>e,le=se.trustedTypes,ue=le?le.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,de=`$lit$`,_=`lit$${Math.random().toFixed(9).slice(2)}$`,fe=`?`+_,pe=`<${fe}>`,v=document,y=()=>v.createComment(``),b=e=>e===null||typeof e!=`object`&&typeof e!=`function`,me=Array.isArray,he=e=>me(e)||typeof e?.[Symbol.iterator]==`function`,ge=`[ 	
\f\r]`,x=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,_e=/-->/g,ve=/>/g,S=RegExp(`>|${ge}(?:([^\\s"'>=/]+)(${ge}*=${ge}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),ye=/'/g,be=/"/g,xe=/^(?:script|style|textarea|title)$/i,C=(e=>(t,...n)=>({_$litType$:e,strings:t,values:n}))(1),w=Symbol.for(`lit-noChange`),T=Symbol.for(`lit-nothing`),Se=/* @__PURE__ */ new WeakMap,E=v.createTreeWalker(v,129);function Ce(e,t){if(!me(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return ue===void 0?t:ue.createHTML(t)}var we=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=x;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===x?c[1]===`!--`?o=_e:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=S):(xe.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=S):o=ve:o===S?c[0]===`>`?(o=i??x,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?S:c[3]===`"`?be:ye):o===be||o===ye?o=S:o===_e||o===ve?o=x:(o=S,i=void 0);let d=o===S&&e[t+1].startsWith(`/>`)?` `:``;a+=o===x?n+pe:l>=0?(r.push(s),n.slice(0,l)+de+n.slice(l)+_+d):n+_+(l===-2?t:d)}return[Ce(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},Te=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=we(t,n);if(this.el=e.createElement(l,r),E.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=E.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(de)){let t=u[o++],n=i.getAttribute(e).split(_),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?Oe:r[1]===`?`?ke:r[1]===`@`?Ae:O}),i.removeAttribute(e)}else e.startsWith(_)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(xe.test(i.tagName)){let e=i.textContent.split(_),t=e.length-1;if(t>0){i.textContent=le?le.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],y()),E.nextNode(),c.push({type:2,index:++a});i.append(e[t],y())}}}else if(i.nodeType===8){if(i.data===fe)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(_,e+1))!==-1;)c.push({type:7,index:a}),e+=_.length-1}}a++}}static createElement(e,t){let n=v.createElement(`template`);return n.innerHTML=e,n}};function D(e,t,n=e,r){if(t===w)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=b(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=D(e,i._$AS(e,t.values),i,r)),t}var Ee=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??v).importNode(t,!0);E.currentNode=r;let i=E.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new De(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new je(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=E.nextNode(),a++)}return E.currentNode=v,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},De=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=T,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=D(this,e,t),b(e)?e===T||e==null||e===``?(this._$AH!==T&&this._$AR(),this._$AH=T):e!==this._$AH&&e!==w&&this._(e):e._$litType$===void 0?e.nodeType===void 0?he(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==T&&b(this._$AH)?this._$AA.nextSibling.data=e:this.T(v.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=Te.createElement(Ce(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new Ee(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=Se.get(e.strings);return t===void 0&&Se.set(e.strings,t=new Te(e)),t}k(t){me(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(y()),this.O(y()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=ce(e).nextSibling;ce(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},O=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=T,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(/* @__PURE__ */ new String),this.strings=n):this._$AH=T}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=D(this,e,t,0),a=!b(e)||e!==this._$AH&&e!==w,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=D(this,r[n+o],t,o),s===w&&(s=this._$AH[o]),a||=!b(s)||s!==this._$AH[o],s===T?e=T:e!==T&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===T?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},Oe=class extends O{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===T?void 0:e}},ke=class extends O{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==T)}},Ae=class extends O{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=D(this,e,t,0)??T)===w)return;let n=this._$AH,r=e===T&&n!==T||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==T&&(n===T||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},je=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){D(this,e)}},Me={M:de,P:_,A:fe,C:1,L:we,R:Ee,D:he,V:D,I:De,H:O,N:ke,U:Ae,B:Oe,F:je},Ne=se.litHtmlPolyfillSupport;Ne?.(Te,De),(se.litHtmlVersions??=[]).push(`3.3.3`);var Pe=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new De(t.insertBefore(y(),e),e,void 0,n??{})}return i._$AI(e),i},Fe=globalThis,k=class extends g{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Pe(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return w}};k._$litElement$=!0,k.finalized=!0,Fe.litElementHydrateSupport?.({LitElement:k});var Ie=Fe.litElementPolyfillSupport;Ie?.({LitElement:k}),(Fe.litElementVersions??=[]).push(`4.2.2`);var A=`niiza_cctv`,Le=class extends Error{cause;constructor(e){super(e.message??e.code??``),this.cause=e}get refusesPerson(){return this.cause.code===`unauthorized`||!!this.cause.translation_key?.startsWith(`not_allowed`)}};function Re(e){return new Le(typeof e==`object`&&e?e:{message:String(e)})}function ze(e){return Object.fromEntries(Object.entries(e).filter(([,e])=>e!==void 0&&e!==``))}var Be=class{connection;constructor(e){this.connection=e}async send(e){try{return await this.connection.sendMessagePromise(e)}catch(e){throw Re(e)}}async act(e,t){let{response:n}=await this.send({type:`call_service`,domain:A,service:e,service_data:ze(t),return_response:!0});return n}async actOn(e,t,n,r){let i=ze(t);if(!Object.keys(i).length)return this.act(n,r);let{draft_id:a}=await this.send({type:`${A}/save_draft`,step:e,fields:i});try{return await this.act(n,{...r,draft_id:a})}catch(e){throw this.send({type:`${A}/discard_draft`,draft_id:a}).catch(()=>void 0),e}}info=()=>this.send({type:`${A}/info`});changes=async e=>{try{return await this.connection.subscribeMessage(e,{type:`${A}/subscribe`})}catch(e){throw Re(e)}};ledgerPage=e=>this.send({type:`${A}/ledger`,...e?{before:e}:{}});playback=(e,t,n)=>this.send({type:`${A}/playback`,camera:e,start:t,end:n});watchClip=e=>this.send({type:`${A}/watch_clip`,clip:e});tellWatched=(e,{speed:t,reaches:n})=>this.send({type:`${A}/watched`,clip:e,speed:t,reaches:n});checks=()=>this.send({type:`${A}/checks`});checkHistory=e=>this.send({type:`${A}/check_history`,check:e}).then(e=>e.history);recordCheck=(e,t,n,r)=>this.actOn(`record_check`,n,`record_check`,{check:e,result:t,photo:r});cameraSettings=e=>this.send({type:`${A}/camera_settings`,...e?{camera:e}:{}});settingsRequest=e=>this.send({type:`${A}/settings_request`,token:e});acceptance=(e,t)=>this.send({type:`${A}/acceptance`,camera:e,language:t});startAcceptance=(e,t)=>this.send({type:`${A}/acceptance_start`,camera:e,language:t});cancelAcceptance=()=>this.send({type:`${A}/acceptance_cancel`});acceptanceAnswers=e=>this.send({type:`${A}/acceptance_answers`,camera:e});switchAudioOff=e=>this.act(`switch_audio_off`,{camera:e});setResolution=(e,t,n)=>this.act(`set_resolution`,{camera:e,resolution:t,hours:n});setClock=(e,t)=>this.act(`set_clock`,{camera:e,ntp_server:t});listCases=async()=>(await this.act(`list_cases`,{})).cases;getCase=e=>this.act(`get_case`,{case:e});findRecordings=(e,t)=>this.act(`find_recordings`,{...e,case:t}).then(e=>e.cameras);createCase=(e,t,n)=>this.actOn(`create`,t,`create_case`,{kind:e,...n});exportClip=(e,t)=>this.act(`export_clip`,{case:e,...t});sealEarly=e=>this.act(`seal_early`,{clip:e});cancelClip=e=>this.act(`cancel_clip`,{clip:e});registerFootage=(e,t,n)=>this.actOn(`register_footage`,n,`register_footage`,{case:e,...t});approve=(e,t,n)=>this.actOn(`approve`,{note:t},`approve_case`,{case:e,items:n});chooseForRelease=(e,t)=>this.act(`choose_for_release`,{case:e,items:t});cutClip=(e,t,n,r)=>this.act(`cut_clip`,{clip:e,start:t,end:n,encode_anew:r});withdrawClip=(e,t)=>this.act(`withdraw_clip`,{item:e,decision:t});reject=(e,t)=>this.actOn(`reject`,{reason:t},`reject_case`,{case:e});release=(e,t)=>this.act(`release_case`,{case:e,encrypt:t});handOver=(e,t,n,r)=>this.actOn(`hand_over`,{recipient:t,medium:n,medium_serial:r},`hand_over`,{case:e});conclude=(e,t,n)=>this.actOn(`conclude`,{reasons:n},`conclude_case`,{case:e,outcome:t});keepOpen=e=>this.act(`keep_open`,{case:e});purge=e=>this.act(`purge_case`,{case:e});dismissNotice=e=>this.send({type:`${A}/dismiss_notice`,tag:e});exportLedger=e=>this.act(`export_ledger`,{form:e});people=()=>this.send({type:`${A}/people`});confirmAppointment=e=>this.act(`confirm_appointment`,{appointment:e});declineAppointment=e=>this.act(`decline_appointment`,{appointment:e});verifyLedger=()=>this.act(`verify_ledger`,{})};async function Ve(e,t,n,r){return await(await e.fetchWithAuth(`/api/${A}/settings/${encodeURIComponent(t)}`,{method:`POST`,headers:{"Content-Type":`application/json`},body:JSON.stringify({username:n,password:r})})).json()}var j=o`
  :host {
    display: block;
    color: var(--primary-text-color);
    font-family: var(--ha-font-family-body, var(--paper-font-body1_-_font-family, sans-serif));
    font-size: 16px;
    line-height: 1.6;
    -webkit-font-smoothing: antialiased;
    /* Home Assistant's colours are chosen for surfaces: as letters, and under letters, they are too weak (2.1 to 4.3 : 1,
       and 4.5 is needed). Mixed with the text's own colour they get stronger in light and dark, whatever the theme. */
    --niiza-primary-letters: color-mix(in srgb, var(--primary-color) 55%, var(--primary-text-color));
    --niiza-error-letters: color-mix(in srgb, var(--error-color) 65%, var(--primary-text-color));
    --niiza-primary-surface: color-mix(in srgb, var(--primary-color) 65%, #000);
    --niiza-error-surface: color-mix(in srgb, var(--error-color) 75%, #000);
  }
  * {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3 {
    font-weight: 500;
    line-height: 1.35;
    margin: 0;
  }
  h1 {
    font-size: 1.6rem;
  }
  h2 {
    font-size: 1.2rem;
    margin-block-end: 12px;
  }
  h3 {
    font-size: 1rem;
  }
  h1:focus {
    outline: none;
  }
  p {
    margin: 0 0 8px;
  }
  ul,
  ol {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  a {
    color: var(--niiza-primary-letters);
  }
  .page {
    display: grid;
    gap: 16px;
    margin: 0 auto;
    max-width: 1100px;
    padding: 20px 16px 64px;
  }
  ha-card {
    display: block;
    padding: 20px;
  }
  .row {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
  }
  .spread {
    justify-content: space-between;
  }
  .soft {
    color: var(--secondary-text-color);
  }
  .small {
    font-size: 0.875rem;
  }
  .mono {
    font-family: var(--ha-font-family-code, ui-monospace, monospace);
    overflow-wrap: anywhere;
  }
  .with-icon {
    align-items: center;
    display: inline-flex;
    gap: 6px;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    flex: none;
  }
  button,
  .button {
    align-items: center;
    background: transparent;
    border: 1px solid var(--outline-color, var(--divider-color));
    border-radius: 12px;
    color: var(--primary-text-color);
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 500;
    gap: 8px;
    justify-content: center;
    min-block-size: 48px;
    padding: 8px 20px;
    text-decoration: none;
  }
  button:hover:not(:disabled),
  .button:hover {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  button.main,
  .button.main {
    background: var(--niiza-primary-surface);
    border-color: var(--niiza-primary-surface);
    color: #fff;
  }
  button.main:hover:not(:disabled),
  .button.main:hover {
    background: color-mix(in srgb, var(--niiza-primary-surface) 85%, #000);
  }
  button.danger {
    border-color: var(--niiza-error-letters);
    color: var(--niiza-error-letters);
  }
  button.flat {
    border-color: transparent;
    padding-inline: 12px;
  }
  button:disabled {
    border-style: dashed;
    background: transparent;
    color: var(--secondary-text-color);
    cursor: not-allowed;
  }
  :focus-visible {
    outline: 3px solid var(--niiza-primary-letters);
    outline-offset: 2px;
  }
  /* What is led to must not end up under the bar that stays on top. */
  input,
  select,
  textarea,
  button,
  a,
  ha-card,
  .field,
  [tabindex] {
    scroll-margin-block: calc(var(--header-height, 56px) + 72px) 24px;
  }
  label,
  legend {
    font-weight: 500;
  }
  fieldset {
    border: 0;
    margin: 0;
    min-inline-size: 0;
    padding: 0;
  }
  fieldset > legend {
    margin-block-end: 8px;
    padding: 0;
  }
  .field {
    /* Fields in a row stand in line, whichever has a help above it. */
    align-content: end;
    display: grid;
    gap: 4px;
  }
  .field .small {
    font-weight: 400;
  }
  .field .wrong {
    color: var(--niiza-error-letters);
  }
  .field .wrong:not([hidden])::before {
    content: "⚠ ";
  }
  .field [aria-invalid] {
    border: 2px solid var(--niiza-error-letters);
  }
  .fields {
    display: grid;
    gap: 16px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr));
  }
  .wide {
    grid-column: 1 / -1;
  }
  input:not([type="radio"], [type="checkbox"]),
  select,
  textarea {
    background: var(--card-background-color);
    border: 1px solid var(--outline-color, var(--secondary-text-color));
    border-radius: 8px;
    color: var(--primary-text-color);
    font: inherit;
    inline-size: 100%;
    min-block-size: 48px;
    padding: 8px 12px;
  }
  textarea {
    min-block-size: 96px;
    resize: vertical;
  }
  input[type="radio"],
  input[type="checkbox"] {
    accent-color: var(--niiza-primary-surface);
    block-size: 22px;
    flex: none;
    inline-size: 22px;
    margin: 0;
  }
  .choice {
    align-items: center;
    border: 1px solid var(--divider-color);
    border-radius: 12px;
    cursor: pointer;
    display: flex;
    gap: 12px;
    min-block-size: 48px;
    padding: 8px 16px;
  }
  .choice:has(:checked) {
    border-color: var(--primary-color);
    box-shadow: inset 0 0 0 1px var(--primary-color);
  }
  .choices {
    display: grid;
    gap: 8px;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr));
  }
  .mark {
    color: var(--niiza-error-letters);
    font-weight: 400;
  }
  .chip {
    align-items: center;
    border: 1px solid currentColor;
    border-radius: 999px;
    display: inline-flex;
    font-size: 0.875rem;
    font-weight: 500;
    gap: 6px;
    padding: 2px 12px 2px 8px;
    white-space: nowrap;
  }
  .chip.turn {
    background: var(--niiza-primary-surface);
    border-color: var(--niiza-primary-surface);
    color: #fff;
  }
  .chip.risk {
    background: color-mix(in srgb, var(--error-color) 8%, transparent);
    color: var(--niiza-error-letters);
  }
  .chip.done {
    color: var(--secondary-text-color);
  }
  dl {
    display: grid;
    gap: 6px 20px;
    grid-template-columns: max-content 1fr;
    margin: 0;
  }
  dt {
    color: var(--secondary-text-color);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  progress {
    appearance: none;
    background: var(--divider-color);
    block-size: 12px;
    border: 0;
    border-radius: 6px;
    inline-size: 100%;
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--divider-color);
  }
  progress::-webkit-progress-value {
    background: var(--primary-color);
  }
  progress::-moz-progress-bar {
    background: var(--primary-color);
  }
  .bar {
    background: color-mix(in srgb, var(--success-color) 45%, transparent);
    block-size: 20px;
    border: 1px solid var(--divider-color);
    border-radius: 6px;
    overflow: hidden;
    position: relative;
  }
  .bar .gap {
    /* Striped, so that a gap shows without its colour. */
    background: repeating-linear-gradient(
      -45deg,
      var(--card-background-color) 0 5px,
      var(--error-color) 5px 7px
    );
    inset-block: 0;
    position: absolute;
  }
  .bar .marked {
    /* By its edges, too. */
    background: color-mix(in srgb, var(--primary-color) 35%, transparent);
    border-inline: 3px solid var(--primary-color);
    inset-block: 0;
    position: absolute;
  }
  .bar .now {
    background: var(--primary-text-color);
    inline-size: 3px;
    inset-block: 0;
    position: absolute;
  }
  @media (max-width: 600px) {
    dl {
      grid-template-columns: 1fr;
      gap: 0;
    }
    dd {
      margin-block-end: 10px;
    }
    ha-card {
      padding: 16px;
    }
  }
`,M=class extends Error{key;values;constructor(e,t){super(e),this.key=e,this.values=t}};async function He(e){await Promise.all([`config_panel`,`exceptions`,`selector`,`services`].map(t=>e.loadBackendTranslation(t,A)))}function N(e){return(t,n)=>e.localize(`component.niiza_cctv.config_panel.${t}`,n)||t}function P(e,t,n,r){let i=e(t,r);return i===t?n:i}function Ue(e,t,n){if(n instanceof M)return t(n.key,n.values);if(!(n instanceof Le))return t(`common.failed`);let{translation_domain:r,translation_key:i,translation_placeholders:a,message:o,code:s}=n.cause;return i&&e.localize(`component.${r??`niiza_cctv`}.exceptions.${i}.message`,a)||(s===`unauthorized`?t(`common.unauthorized`):o??t(`common.failed`))}var F=`/niiza-cctv`,I=class extends k{static styles=[j];static properties={context:{attribute:!1},busy:{state:!0},error:{state:!0},refused:{state:!0}};constructor(){super(),this.busy=``,this.error=``,this.refused=!1}async attempt(e,t){if(this.busy)return!1;this.busy=e,this.error=``,this.refused=!1;try{return await t(),!0}catch(e){return this.error=this.wording(e),this.refused=e instanceof Le&&e.refusesPerson,!1}finally{this.busy=``}}wording(e){return Ue(this.context.hass,this.context.t,e)}errorAlert(e=this.error){return e?C`<ha-alert alert-type="error" role="alert">${e}</ha-alert>`:T}},L=class extends I{static properties={...I.properties,changes:{type:Number},unread:{state:!0}};reading=!1;again=!1;constructor(){super(),this.changes=0,this.unread=``}willUpdate(e){e.has(`changes`)&&this.refresh()}async refresh(){if(this.reading)this.again=!0;else{this.reading=!0;try{do this.again=!1,await this.read(),this.unread=``;while(this.again)}catch(e){this.unread=this.wording(e)}finally{this.reading=!1}}}firstUpdated(){this.shadowRoot?.querySelector(`h1`)?.focus({preventScroll:!0})}};function We(e){history.pushState(null,``,`${F}/${e}`),window.dispatchEvent(new CustomEvent(`location-changed`))}async function Ge(e){try{return await navigator.clipboard.writeText(e),!0}catch{return!1}}function Ke(e,t,n,r){let i=document.createElement(`iframe`);i.title=e,i.style.cssText=`position:fixed;inline-size:0;block-size:0;border:0`,document.body.append(i);let a=i.contentDocument,o=i.contentWindow;if(!a||!o)return;a.title=e,a.documentElement.lang=n;let s=a.createElement(`style`);s.textContent=`
    @page { size: A4; margin: 20mm }
    body { font: 12pt/1.7 sans-serif; color: #000 }
    h1 { font-size: 16pt }${t}`,a.head.append(s);let c=a.createElement(`h1`);c.textContent=e,a.body.append(c,...r(a)),o.addEventListener(`afterprint`,()=>{i.remove()}),o.focus(),o.print()}function qe(e,t){Ke(e,`
    dt { font-weight: bold; margin-block-start: 6mm }
    dd { margin: 0; overflow-wrap: anywhere; font-family: monospace }`,``,e=>{let n=e.createElement(`dl`);for(let[r,i]of t){let t=e.createElement(`dt`);t.textContent=r;let a=e.createElement(`dd`);a.textContent=i,n.append(t,a)}return[n]})}var Je=1500,Ye={good:`○`,limit:`△`,bad:`×`,unknown:`?`,plain:`・`},Xe={fit:`○`,limits:`△`,unfit:`×`,unknown:`?`},Ze=`
    @page { size: A4; margin: 16mm }
    body { font: 9.5pt/1.5 "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif }
    h1 { font-size: 15pt; margin: 0 0 3mm }
    h2 { font-size: 11.5pt; margin: 5mm 0 1.5mm; break-after: avoid }
    h3 { font-size: 9.5pt; margin: 3mm 0 0.5mm; break-after: avoid }
    p { margin: 0 0 2mm }
    table { border-collapse: collapse; inline-size: 100% }
    th, td { border: 0.3mm solid #555; padding: 1mm 2mm; text-align: start; vertical-align: top; overflow-wrap: anywhere }
    tr { break-inside: avoid }
    thead { display: table-header-group }
    .verdict { white-space: nowrap; font-weight: bold }
    .whole { font-size: 12pt; font-weight: bold; border: 0.5mm solid #000; padding: 2mm 3mm; margin-block: 3mm }
    ul { list-style: none; margin: 0; padding: 0 }
    li { padding-inline-start: 1.4em; text-indent: -1.4em; overflow-wrap: anywhere }
    li span { display: inline-block; inline-size: 1.4em; text-indent: 0 }`,Qe=class extends L{static properties={...L.properties,camera:{},shown:{state:!0},answers:{state:!0},agreed:{state:!0}};static styles=[j,o`
      .page {
        max-width: 860px;
      }
      progress {
        inline-size: 100%;
      }
      h3 {
        font-size: 1rem;
        margin: 16px 0 4px;
      }
      .whole {
        font-size: 1.25rem;
        font-weight: 600;
      }
      table {
        border-collapse: collapse;
        inline-size: 100%;
      }
      th,
      td {
        border-block-end: 1px solid var(--divider-color);
        padding: 8px;
        text-align: start;
        vertical-align: top;
      }
      .verdict {
        white-space: nowrap;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        overflow-wrap: anywhere;
        padding-inline-start: 1.6em;
        text-indent: -1.6em;
      }
      li span {
        display: inline-block;
        inline-size: 1.6em;
        text-indent: 0;
      }
      pre {
        background: var(--secondary-background-color);
        max-block-size: 24rem;
        overflow: auto;
        padding: 12px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `];timer;constructor(){super(),this.camera=``,this.agreed=!1}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}get language(){return this.context.hass.language.startsWith(`ja`)?`ja`:`en`}async read(){clearTimeout(this.timer),this.shown=await this.context.api.acceptance(this.camera,this.language),this.shown.running&&this.isConnected&&(this.timer=setTimeout(()=>{this.refresh()},Je))}async start(){this.answers=void 0,this.agreed=!1,await this.attempt(`start`,()=>this.context.api.startAcceptance(this.camera,this.language)),await this.refresh()}async cancel(){await this.attempt(`cancel`,()=>this.context.api.cancelAcceptance()),await this.refresh()}async look(){await this.attempt(`answers`,async()=>{this.answers=await this.context.api.acceptanceAnswers(this.camera)})}save(e){let t=URL.createObjectURL(new Blob([e.text],{type:`application/json`})),n=document.createElement(`a`);n.href=t,n.download=e.name,n.click(),setTimeout(()=>{URL.revokeObjectURL(t)},Je)}print(e){let{t,clock:n}=this.context;Ke(t(`acceptance.of`,{camera:e.camera_name}),Ze,this.language,r=>{let i=(e,t=``,n=``,...i)=>{let a=r.createElement(e);return a.textContent=t,n&&(a.className=n),a.append(...i),a},a=e=>i(`ul`,``,``,...e.map(e=>i(`li`,``,``,i(`span`,Ye[e.mark]),r.createTextNode(e.text))));return[i(`p`,this.when(e)),i(`p`,e.ending_text),i(`p`,this.verdict(e),`whole`),i(`p`,t(`acceptance.signs`)),i(`h2`,t(`acceptance.duties`)),i(`table`,``,``,i(`thead`,``,``,i(`tr`,``,``,...[`duty`,`result`,`reasons`].map(e=>i(`th`,t(`acceptance.${e}`))))),i(`tbody`,``,``,...e.duties.map(e=>i(`tr`,``,``,i(`td`,`${e.duty} ${e.name}`),i(`td`,`${Xe[e.verdict]} ${e.verdict_text}`,`verdict`),i(`td`,``,``,a(e.reasons)))))),i(`h2`,t(`acceptance.details`)),...e.parts.flatMap(e=>[i(`h3`,e.name),a(e.said)]),i(`p`,t(`acceptance.printed`,{at:n.at((/* @__PURE__ */ new Date()).toISOString())}))]})}when(e){let{t,clock:n}=this.context;return t(`acceptance.when`,{at:n.at(e.started),person:e.by?.name??t(`history.nobody`),seconds:e.seconds})}verdict(e){let t=`${Xe[e.verdict]} ${e.verdict_text}`;return this.context.t(`acceptance.verdict`,{verdict:t})}said(e){return C`<ul>
      ${e.map(e=>C`<li><span aria-hidden="true">${Ye[e.mark]}</span>${e.text}</li>`)}
    </ul>`}report(e){let{t}=this.context;return C`<ha-card>
        <p>${this.when(e)}</p>
        <p>${e.ending_text}</p>
        ${e.recorded?T:C`<ha-alert alert-type="warning">${t(`acceptance.unrecorded`)}</ha-alert>`}
        <p class="whole">${this.verdict(e)}</p>
        <p class="soft small">${t(`acceptance.signs`)}</p>
        <p class="buttons">
          <button
            type="button"
            @click=${()=>{this.print(e)}}
          >
            <ha-icon icon="mdi:printer"></ha-icon>${t(`acceptance.print`)}
          </button>
        </p>
        <h2>${t(`acceptance.duties`)}</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">${t(`acceptance.duty`)}</th>
              <th scope="col">${t(`acceptance.result`)}</th>
              <th scope="col">${t(`acceptance.reasons`)}</th>
            </tr>
          </thead>
          <tbody>
            ${e.duties.map(e=>C`<tr>
                  <td>${e.duty} ${e.name}</td>
                  <td class="verdict">${Xe[e.verdict]} ${e.verdict_text}</td>
                  <td>${this.said(e.reasons)}</td>
                </tr>`)}
          </tbody>
        </table>
      </ha-card>
      <ha-card>
        <h2>${t(`acceptance.details`)}</h2>
        ${e.parts.map(e=>C`<h3>${e.name}</h3>${this.said(e.said)}`)}
      </ha-card>
      ${this.given()}`}given(){let{t:e}=this.context,{answers:t}=this;return C`<ha-card>
      <h2>${e(`acceptance.answers`)}</h2>
      <p>${e(`acceptance.answers_help`)}</p>
      ${t?C`<p>
              ${e(`acceptance.answers_are`,{answers:t.answers,left:t.left_out})}
            </p>
            <pre tabindex="0">${t.text}</pre>
            <label class="choice"
              ><input
                type="checkbox"
                .checked=${this.agreed}
                @change=${e=>{this.agreed=e.target.checked}}
              />${e(`acceptance.agree`)}</label
            >
            <button
              type="button"
              ?disabled=${!this.agreed}
              @click=${()=>{this.save(t)}}
            >
              <ha-icon icon="mdi:content-save"></ha-icon>${e(`acceptance.save`)}
            </button>`:C`<button type="button" ?disabled=${!!this.busy} @click=${()=>void this.look()}>
            ${e(`acceptance.look`)}
          </button>`}
    </ha-card>`}running(){let{t:e}=this.context,t=this.shown?.running;return t?C`<ha-card>
      <p role="status">
        ${e(t.camera===this.shown?.camera?`acceptance.running`:`acceptance.running_elsewhere`,{camera:t.camera_name,step:t.step_text,percent:Math.round(100*t.share)})}
      </p>
      <progress max="1" .value=${t.share} aria-label=${e(`acceptance.heading`)}></progress>
      <button type="button" class="plain" ?disabled=${!!this.busy} @click=${()=>void this.cancel()}>
        ${e(`acceptance.cancel`)}
      </button>
    </ha-card>`:T}render(){let{t:e}=this.context,{shown:t}=this;return C`<div class="page">
      <p><a href="${F}/settings">${e(`settings.back`)}</a></p>
      <h1 tabindex="-1">
        ${t?e(`acceptance.of`,{camera:t.camera_name}):e(`acceptance.heading`)}
      </h1>
      <p>${e(`acceptance.help`)}</p>
      ${this.errorAlert(this.unread)} ${this.errorAlert()}
      ${t||this.unread?T:C`<p role="status">${e(`common.loading`)}</p>`}
      ${this.running()}
      ${t?.may&&!t.running?C`<button type="button" ?disabled=${!!this.busy} @click=${()=>void this.start()}>
            <ha-icon icon="mdi:clipboard-check-outline"></ha-icon>${e(t.report?`acceptance.again`:`acceptance.start`)}
          </button>`:T}
      ${t?.report?this.report(t.report):T}
    </div>`}},R={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},$e=e=>(...t)=>({_$litDirective$:e,values:t}),et=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:tt}=Me,nt=e=>e,rt=e=>e.strings===void 0,it=()=>document.createComment(``),z=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new tt(r.insertBefore(it(),i),r.insertBefore(it(),i),e,e.options);else{let t=n._$AB.nextSibling,a=n._$AM,o=a!==e;if(o){let t;n._$AQ?.(e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==a._$AU&&n._$AP(t)}if(t!==i||o){let e=n._$AA;for(;e!==t;){let t=nt(e).nextSibling;nt(r).insertBefore(e,i),e=t}}}return n},B=(e,t,n=e)=>(e._$AI(t,n),e),at={},ot=(e,t=at)=>e._$AH=t,st=e=>e._$AH,ct=e=>{e._$AR(),e._$AA.remove()},lt=$e(class extends et{constructor(e){if(super(e),e.type!==R.PROPERTY&&e.type!==R.ATTRIBUTE&&e.type!==R.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!rt(e))throw Error("`live` bindings can only contain a single expression")}render(e){return e}update(e,[t]){if(t===w||t===T)return t;let n=e.element,r=e.name;if(e.type===R.PROPERTY){if(t===n[r])return w}else if(e.type===R.BOOLEAN_ATTRIBUTE){if(!!t===n.hasAttribute(r))return w}else if(e.type===R.ATTRIBUTE&&n.getAttribute(r)===t+``)return w;return ot(e),t}});function ut(e){return C`<span class="mark">${e(`common.required`)}</span>`}function V({name:e,help:t}){return t?`${e}-help`:T}function H(e,t,n){let{name:r,label:i,required:a,help:o,className:s}=t;return C`<div class="field ${s??``}">
    <label for=${r}>${i} ${a?ut(e):T}</label>
    ${o?C`<span class="soft small" id=${V(t)}>${o}</span>`:T} ${n}
    <span
      class="wrong small"
      aria-live="polite"
      id="${r}-wrong"
      data-missing=${e(`common.fill_in`)}
      data-late=${e(`common.in_future`)}
      hidden
    ></span>
  </div>`}function dt(e){return lt(e)}function U(e,t){let{name:n,type:r=`text`,suggestions:i=[]}=t,a=i.length>1?`${n}-suggestions`:void 0;return H(e,t,C`<input
        id=${n}
        type=${r}
        step=${r===`datetime-local`||r===`number`?`1`:T}
        max=${t.max??T}
        pattern=${t.pattern??T}
        maxlength="200"
        autocomplete="off"
        list=${a??T}
        ?required=${t.required}
        ?disabled=${t.disabled}
        aria-describedby=${t.describedBy??V(t)}
        .value=${dt(t.value)}
        @input=${e=>{t.setValue(e.target.value)}}
      />${a?C`<datalist id=${a}>${i.map(e=>C`<option value=${e}></option>`)}</datalist>`:T}`)}function ft(e,t){return H(e,t,C`<textarea
      id=${t.name}
      maxlength="1000"
      ?required=${t.required}
      ?disabled=${t.disabled}
      aria-describedby=${V(t)}
      .value=${t.value}
      @input=${e=>{t.setValue(e.target.value)}}
    ></textarea>`)}function W(e,t={}){pt(e);for(let[n,r]of Object.entries(t))e.querySelector(n)?.setCustomValidity(r??``);let[n]=mt(e).filter(e=>!gt(e));return!n||(n.scrollIntoView({block:`center`}),ht(n)?n.focus({preventScroll:!0}):n.reportValidity(),!1)}function pt(e){for(let t of mt(e))t.setCustomValidity(``),t.hasAttribute(`aria-invalid`)&&gt(t)}function mt(e){return[...e.querySelectorAll(`input, select, textarea`)]}function ht(e){return e.closest(`.field`)?.querySelector(`.wrong`)??null}function gt(e){let t=!e.willValidate||e.validity.valid,n=ht(e);return n&&(t?(e.removeAttribute(`aria-invalid`),e.removeAttribute(`aria-errormessage`)):(e.hasAttribute(`aria-invalid`)||e.addEventListener(`input`,()=>gt(e),{once:!0}),e.setAttribute(`aria-invalid`,`true`),e.setAttribute(`aria-errormessage`,n.id)),n.textContent=t?``:_t(e,n.dataset),n.hidden=t),t}function _t({validity:e,validationMessage:t},{missing:n=``,late:r=``}){return e.valueMissing&&!e.badInput?n:e.rangeOverflow?r:t}var vt=class{language;timeZone;full;day;local;constructor(e,t){this.language=e,this.timeZone=t;let n={year:`numeric`,month:`short`,day:`numeric`,weekday:`short`},r={hour:`2-digit`,minute:`2-digit`,second:`2-digit`,hourCycle:`h23`};this.full=new Intl.DateTimeFormat(e,{timeZone:t,...n,...r}),this.day=new Intl.DateTimeFormat(e,{timeZone:t,...n}),this.local=new Intl.DateTimeFormat(`sv-SE`,{timeZone:t,dateStyle:`short`,timeStyle:`medium`})}at(e){return this.full.format(new Date(e))}date(e){return this.day.format(new Date(e))}zoneName(){return new Intl.DateTimeFormat(this.language,{timeZone:this.timeZone,timeZoneName:`long`}).formatToParts().find(e=>e.type===`timeZoneName`)?.value??this.timeZone}tenths(e){return`${this.at(e)}.${Math.floor(e.getUTCMilliseconds()/100)}`}field(e){return this.local.format(new Date(e)).replace(` `,`T`)}moment(e){let t=Date.parse(`${G(e)}Z`);if(Number.isNaN(t))return null;let n=t-this.offset(new Date(t));return new Date(t-this.offset(new Date(n)))}iso(e){let t=Math.round(this.offset(e)/6e4),n=t<0?`-`:`+`,r=e=>String(Math.floor(e)).padStart(2,`0`),i=String(e.getUTCMilliseconds()).padStart(3,`0`);return`${this.field(e)}.${i}${n}${r(Math.abs(t)/60)}:${r(Math.abs(t)%60)}`}offset(e){return Date.parse(`${this.field(e)}Z`)-Math.floor(e.getTime()/1e3)*1e3}};function G(e){return/T\d\d:\d\d$/.test(e)?`${e}:00`:e}function yt(e,t,n){let[r,i,a]=[e,t,n].map(e=>new Date(e).getTime());return a<=i?0:Math.min(100,Math.max(0,(r-i)/(a-i)*100))}function K(e){let t=Math.max(0,Math.round(e)),n=[Math.floor(t/3600),Math.floor(t%3600/60),t%60];return(n[0]?n:n.slice(1)).map((e,t)=>t?String(e).padStart(2,`0`):String(e)).join(`:`)}var bt=`[0-9A-Fa-f]{64}`;function xt(e,t){return e[t]?.trim()??``}function St(e){return e.found!==`no`}function Ct(e){return{start:G(xt(e,`start`)),end:G(xt(e,`end`))}}function wt(e){let t=t=>xt(e,t),n=St(e),r=t(`clock_offset`);return{camera:t(`camera`),...Ct(e),second_person:t(`second_person`),found:n,clock_offset:r?Number(r):void 0}}function Tt(e){let t=St(e)?[`note`,`medium`,`medium_serial`,`sha256`]:[`note`];return Object.fromEntries(t.map(t=>[t,xt(e,t)]))}var Et=class extends I{static properties={...I.properties,typed:{attribute:!1}};static styles=[j,o`
      :host {
        display: grid;
        gap: 16px;
      }
    `];constructor(){super(),this.typed={}}reportValidity(){let{start:e,end:t}=Ct(this.typed);return W(this.renderRoot,e&&t&&e>=t?{"#end":this.context.t(`find.end_first`)}:{})}setField(e,t){pt(this.renderRoot),this.typed={...this.typed,[e]:t},this.dispatchEvent(new CustomEvent(`typed`,{detail:[e,t]}))}textField(e,t,n={}){return U(this.context.t,{name:e,label:t,value:this.typed[e]??``,help:P(this.context.t,`help.${e}`,``),setValue:t=>{this.setField(e,t)},...n})}choice(e,t,n,r=``){let i={name:e,label:t,help:r,required:!0};return H(this.context.t,i,C`<select
        id=${e}
        required
        aria-describedby=${V(i)}
        @change=${t=>{this.setField(e,t.target.value)}}
      >
        <option value=""></option>
        ${n.map(t=>C`<option value=${t.id} ?selected=${this.typed[e]===t.id}>${t.name}</option>`)}
      </select>`)}foundChoice(e){return C`<label class="choice"
      ><input
        type="radio"
        name="found"
        .checked=${St(this.typed)===(e===`yes`)}
        @change=${()=>{this.setField(`found`,e)}}
      />${this.context.t(e===`yes`?`by_hand.found_yes`:`by_hand.found_no`)}</label
    >`}medium(){let{t:e}=this.context;return St(this.typed)?C`${this.textField(`medium`,e(`fields.medium`),{required:!0,help:e(`by_hand.medium_help`)})}
    ${this.textField(`medium_serial`,e(`fields.medium_serial`),{required:!0})}
    ${this.textField(`sha256`,e(`by_hand.sha256`),{pattern:bt,help:e(`by_hand.sha256_help`)})}`:T}note(){let{t:e}=this.context;return ft(e,{name:`note`,label:e(`fields.note`),className:`wide`,value:this.typed.note??``,setValue:e=>{this.setField(`note`,e)}})}render(){let{t:e,info:t,clock:n}=this.context,r=[...t.offline_cameras,...t.cameras].map(e=>({id:e.unique_id,name:e.name})),i={required:!0,type:`datetime-local`};return C`
      <fieldset>
        <legend>${e(`by_hand.found`)}</legend>
        <div class="choices">${this.foundChoice(`yes`)} ${this.foundChoice(`no`)}</div>
      </fieldset>
      <div class="fields">
        ${this.choice(`camera`,e(`by_hand.camera`),r)}
        ${this.choice(`second_person`,e(`by_hand.second_person`),t.people,e(`by_hand.second_person_help`))}
        ${this.textField(`start`,e(`find.start`),i)} ${this.textField(`end`,e(`find.end`),i)}
        <p class="soft small wide">${e(`by_hand.times`,{zone:n.zoneName()})}</p>
        ${this.textField(`clock_offset`,e(`by_hand.clock`),{type:`number`,help:e(`by_hand.clock_help`)})}
        ${this.medium()} ${this.note()}
      </div>
    `}},Dt={unused:`mdi:link-lock`,expired:`mdi:link-off`,broken_off:`mdi:download-off`,downloaded:`mdi:download-lock`,handed_over:`mdi:handshake`};function Ot({state:e,release:t},n){return t?e===`handed_over`?t.encrypted?`handed_over`:null:e===`released`?t.downloaded?`downloaded`:t.download_begun?`broken_off`:n<new Date(t.link_until)?`unused`:`expired`:null:null}function kt({t:e},t,n){let{by:r,encrypted:i,remaining:a}=t,o=Math.floor(t.percent);return C`<div class="packing" role="group" aria-label=${e(`package.making`)}>
    <progress max="100" .value=${t.percent} aria-label=${e(`package.progress`)}>${o}%</progress>
    <div class="row spread small">
      <span>
        ${e(i?`package.encrypting`:`package.packing`)}
        ${a===null?T:C`・${e(`progress.remaining`,{time:K(a)})}`}
      </span>
      <span>${o}%</span>
    </div>
    <p class="small">${e(n?`package.stay`:`package.elsewhere`,{person:r.name})}</p>
  </div>`}function At(e,t,n){let{t:r}=e,{release:i}=t,a=Ot(t,n);return!i||!a?T:C`<ha-card role="region" aria-labelledby="package-lost">
    <h2 id="package-lost" class="with-icon"><ha-icon icon=${Dt[a]}></ha-icon>${r(`package.${a}_heading`)}</h2>
    <p>${r(`package.${a}`,jt(e,i))}</p>
    ${i.encrypted&&a!==`handed_over`?C`<p>${r(`package.passphrase_${a}`)}</p>`:T}
    <p class="small soft">${r(Mt(t,a))}</p>
  </ha-card>`}function jt({clock:e},{by:t,at:n,link_until:r}){return{person:t.name,at:e.at(n),until:e.at(r)}}function Mt({offers:e,refusals:t},n){return n===`handed_over`?`package.who_after`:e.includes(`release`)?`package.who_you`:t.release===`not_allowed_own_approval`?`package.who_not_approver`:`package.who_exporter`}var Nt=/* @__PURE__ */ new Set([`received`,`preserved`,`approved`,`released`]),Pt={add_clip:`request_clips`,register_footage:`register_footage`,approve:`approve`,reject:`reject`,release:`release`,hand_over:`hand_over`,conclude:`conclude`,keep_open:`keep_open`,purge:`purge`},Ft={not_allowed_needs_exporter:`why.not_exporter`,not_allowed_needs_approver:`why.not_approver`},It={not_allowed_own_case:`why.own_request`,not_allowed_own_approval:`why.own_approval`,clips_not_sealed:`why.still_fetching`,clips_failed:`why.still_fetching`,case_not_downloaded:`why.not_downloaded`};function Lt(e,t){return t.kinds.find(t=>t.kind===e.kind)?.may_release_master??!1}function Rt(e,t){return[...zt(e,t),...e.questions?[`keep_open`]:[]]}function zt(e,t){let n=Lt(e,t),r=[`add_clip`,`register_footage`],i=e.passages.some(e=>e.state===`sealed`);switch(e.state){case`received`:return[...r,`conclude`,...n?[]:[`approve`],`reject`];case`preserved`:return[`approve`,...r,`conclude`,`reject`];case`approved`:{let t=e.only_by_hand?`hand_over`:`release`;return[...n?[t]:[],`conclude`,...r,`reject`]}case`released`:return[`hand_over`,`release`,`conclude`,`reject`];case`handed_over`:return i?[`purge`,`approve`]:[];case`concluded`:case`rejected`:case`expired`:return i?[`purge`]:[];case`purged`:return[]}}function Bt(e,t){return Rt(e,t).flatMap((n,r)=>{let i=Pt[n],a=e.refusals[i]??``,o=Ft[a];if(o)return r===0?[{act:n,why:o}]:[];let s=e.offers.includes(i);if(!t.ledger.available&&(s||a in It))return[{act:n,why:`why.ledger_down`}];if(s)return[{act:n,why:null}];let c=It[a];return c?[{act:n,why:c}]:[]})}function Vt(e){return e.state===`received`&&e.failed>0&&!e.fetching}function Ht(e,t){switch(e.state){case`received`:return Vt(e)?`next.failed`:e.fetching?`next.fetching`:`next.find`;case`preserved`:return`next.approve`;case`approved`:return Lt(e,t)?e.only_by_hand?`next.hand_over_by_hand`:`next.release`:`next.conclude`;case`released`:return`next.hand_over`;case`handed_over`:case`concluded`:case`rejected`:case`expired`:return`next.purge`;case`purged`:return`next.nothing`}}var Ut={preserved:[`approve`],approved:[`release`,`hand_over`,`conclude`],released:[`hand_over`]};function Wt(e){return e.questions&&e.offers.includes(`keep_open`)?!0:(Vt(e)?[`request_clips`]:Ut[e.state]??[]).some(t=>e.offers.includes(t))}function Gt(e,t){return e===null?null:(new Date(e).getTime()-t.getTime())/36e5}var Kt={received:`mdi:inbox-arrow-down`,preserved:`mdi:lock-check`,approved:`mdi:check-decagram`,released:`mdi:package-variant-closed-check`,handed_over:`mdi:handshake`,concluded:`mdi:flag-checkered`,rejected:`mdi:close-octagon`,expired:`mdi:timer-off`,purged:`mdi:delete-empty`},qt={add_clip:`mdi:movie-plus`,register_footage:`mdi:usb-flash-drive`,approve:`mdi:check-decagram`,reject:`mdi:close-octagon`,release:`mdi:package-variant-closed-check`,hand_over:`mdi:handshake`,conclude:`mdi:flag-checkered`,keep_open:`mdi:folder-clock`,purge:`mdi:delete`},Jt=/* @__PURE__ */ new Set([`purge`,`reject`]);function Yt(e,t){let n=Gt(t,/* @__PURE__ */ new Date);return n===null||n>=48?T:C`<span class="chip risk"
    ><ha-icon icon="mdi:timer-alert"></ha-icon>${n>0?e(`cases.at_risk`,{hours:Math.floor(n)}):e(`cases.lost`)}</span
  >`}function q(e,t,{start:n,end:r}){return e(`clip.span`,{start:t.at(n),end:t.at(r)})}function Xt(e,t,n,r,i){let a=e=>yt(e,t.start,t.end);return C`<div class="bar" role="img" aria-label=${e(`find.bar`,{gaps:n.length})}>
    ${n.map(e=>C`<div
          class="gap"
          style="inset-inline-start:${a(e.start)}%;inline-size:${a(e.end)-a(e.start)}%"
        ></div>`)}
    ${i?Zt(a(i.start??t.start),a(i.end??t.end)):T}
    ${r===void 0?T:C`<div class="now" style="inset-inline-start:calc(${a(r)}% - 1px)"></div>`}
  </div>`}function Zt(e,t){return C`<div class="marked" style="inset-inline-start:${e}%;inline-size:${Math.max(0,t-e)}%"></div>`}function Qt(e,t,n){let r=({start:n,end:r,reason:i,decided_at:a})=>{let o=a?t.at(a):``,s={start:t.at(n),end:t.at(r),decided_at:o},c=e(`find.gap`,s);return i?P(e,`find.gap_${i}`,c,s):c};return n.length?C`<ul class="small">
        ${n.map(e=>C`<li class="with-icon"><ha-icon icon="mdi:filmstrip-off"></ha-icon>${r(e)}</li>`)}
      </ul>`:T}function J(e,t,n,r=``){return e.localize(`component.niiza_cctv.exceptions.${t}.message`,{camera:n,case:r})||t}function $t(e,t,n){return P(e,`failures.${t}`,``,{camera:n})||void 0}function en(e,t,n){return n.error?J(e,n.error,n.camera_name):n.stretches.length?n.gaps.length?t(`find.partly`):t(`find.complete`):t(`find.nothing`)}var tn={section:`mdi:office-building`,camera:`mdi:cctv`,offline_camera:`mdi:cctv-off`,tablet:`mdi:tablet`},nn={passed:`mdi:check-circle`,failed:`mdi:alert-octagon`},rn={antivirus:`mdi:shield-check`,clock_by_eye:`mdi:clock-check-outline`,contractor:`mdi:account-hard-hat`,sd_card:`mdi:micro-sd`,settings_password_sealed:`mdi:email-seal-outline`,signage:`mdi:sign-caution`,standard:`mdi:book-open-page-variant`,viewing_password:`mdi:form-textbox-password`},an=864e5;function Y(e,t,n){return n===`passed`?e(`checks.passed`):P(e,`failed.${t}`,e(`checks.failed`))}function on(e){let t=/* @__PURE__ */ new Map;for(let n of e){let{object:e}=n,r=`${e.kind}:${e.id}`,i=t.get(r)??{object:e,checks:[]};i.checks.push(n),t.set(r,i)}return[...t.values()]}function sn(e){let t=({failed:e,due_at:t})=>e?0:t===null?2:1;return[...e].sort((e,n)=>t(e)-t(n)||(e.due_at??``).localeCompare(n.due_at??``))}function cn({t:e},t){let n=P(e,`look_at.${t.kind}`,``).split(`
`).filter(Boolean);return n.length?C`<div class="look-at">
    <ha-icon icon=${rn[t.kind]??`mdi:eye`}></ha-icon>
    <div>
      <strong>${e(`checks.look_at`)}</strong>
      <ol>
        ${n.map(e=>C`<li>${e}</li>`)}
      </ol>
    </div>
  </div>`:T}function ln({t:e},t){let[n,r]=t.failed?[`mdi:alert-octagon`,e(`checks.is_failed`)]:t.due_at===null?[`mdi:help-circle`,e(`checks.is_never`)]:t.due?[`mdi:clock-alert`,un(e,t.due_at)]:[`mdi:check-circle`,e(`checks.is_done`)];return C`<span class="chip ${t.due?`risk`:`done`}"><ha-icon icon=${n}></ha-icon>${r}</span>`}function un(e,t){let n=Math.floor((Date.now()-new Date(t).getTime())/an);return n>0?e(`checks.is_overdue`,{days:n}):e(`checks.is_due`)}function dn({t:e,clock:t},n){let{last:r}=n;return r?C`<span class="soft small">
    ${e(`checks.last`,{at:t.at(r.at),person:r.person.name,result:Y(e,n.kind,r.result)})}
    ${n.due||n.due_at===null?T:C`<br />${e(`checks.next`,{at:t.date(n.due_at)})}`}
  </span>`:T}function fn({t:e},t){let n=Object.entries(t.fields).filter(([,e])=>e);return C`${t.note?C`<p class="note">${t.note}</p>`:T}
  ${n.length?C`<dl class="small">
        ${n.map(([t,n])=>C`<dt>${P(e,`fields.${t}`,t)}</dt>
              <dd>${n}</dd>`)}
      </dl>`:T}`}var pn=`hidden:`;function mn({t:e},t){let{role:n,user:r,name:i,change:a,changed:o,pending:s,roles:c}=t,l=[],u=(t,n)=>l.push(e(`history.told`,{name:t,text:n}));if(typeof a==`string`&&u(e(`fields.change`),P(e,`history.${a}`,a)),typeof n==`string`){let t=hn(r)??(typeof i==`string`?i:``);u(gn(e,n),t),s===!0&&l.push(e(`kept.pending`))}if(Array.isArray(o))for(let n of o)typeof n==`string`&&u(_n(e,n),vn(e,t,n));if(typeof c==`object`&&c)for(let[t,n]of Object.entries(c))Array.isArray(n)&&n.length&&u(gn(e,t),n.flatMap(e=>hn(e)??[]).join(`, `));return l}function hn(e){return typeof e==`object`&&e&&`name`in e?String(e.name):void 0}function gn(e,t){return P(e,`people.role_${t}`,t)}function _n(e,t){return P(e,`kept.${t.split(`.`)[0]??t}`,t)}function vn(e,{was:t,now:n},r){let i=t?.[r],a=n?.[r];return[i,a].some(e=>typeof e==`string`&&e.startsWith(pn))||!(r in(t??{}))?e(`kept.hidden`):e(`kept.changed_to`,{was:yn(e,i),now:yn(e,a)})}function yn(e,t){return t==null||t===``?e(`kept.nothing`):typeof t==`boolean`?e(t?`kept.yes`:`kept.no`):typeof t==`string`||typeof t==`number`?String(t):JSON.stringify(t)}function X(e,t){return t?`${t.width}×${t.height}`:e(`settings.unknown`)}function Z(e,t){if(t===null)return e(`settings.unknown`);let n=Math.round(t);return n?e(n>0?`settings.clock_ahead`:`settings.clock_behind`,{seconds:Math.abs(n)}):e(`settings.clock_right`)}function bn(e,t,n){switch(t){case`ntp`:return n===`dhcp`?e(`settings.by_dhcp`):e(`settings.by_ntp`,{server:n??e(`settings.unknown`)});case`manual`:return e(`settings.by_hand`);default:return e(`settings.unknown`)}}function xn(e,t,n=!1){if(`audio`in t)return t.audio.length?e(`settings.audio_of`,{profiles:t.audio.join(`, `)}):e(`settings.audio_off`);if(`profiles`in t){let r=t.profiles.map(t=>t.recorded?e(`settings.recorded_size`,{size:X(e,t)}):X(e,t));return n?r.join(` / `):e(`settings.${t.mode}_sizes`,{sizes:r.join(` / `)})}let r=t.offset===null?null:Number(t.offset);return e(`settings.clock_values`,{mode:bn(e,t.mode,t.ntp),offset:Z(e,r)})}function Sn(e,{seconds:t,of:n,every_picture:r,fastest:i}){let a=e(`watch.watched`,{seconds:K(t),of:K(n),percent:n?Math.floor(100*t/n):0});return r>=t?a:`${a} ${e(`watch.watched_fast`,{slowly:K(r),fastest:i/100})}`}var Cn=[`what`,`reason`,`count`,`kind`,`setting`,`result`,`outcome`,`before`,`after`,`until`,`by`,`note`,`reasons`,`recipient`,`medium`,`medium_serial`,`serial`,`sha256`,`clock_offset`,`witness`,`clip`,`item`,`cut_id`,`hidden_pictures`,`error`];function wn(e,t,n){let{t:r}=e,i=(e,t)=>r(`history.told`,{name:P(r,`fields.${e}`,e),text:t}),a=Cn.flatMap(r=>{let a=Dn(e,t,n,r,t.details[r]);return a?[i(r,a)]:[]});a.push(...mn(e,t.details)),a.push(...Tn(e,t.details.watched_as_told_by_browser,n));let{fields:o}=t.details;if(typeof o==`object`&&o)for(let[e,t]of Object.entries(o))typeof t==`string`&&t&&a.push(i(e,t));return a}function Tn({t:e},t,n){return typeof t!=`object`||!t?[]:Object.entries(t).flatMap(([t,r])=>{let i=En(r),a=n.camera(t),o=a?e(`history.clip`,{camera:a,clip:t}):t;return i?[e(`approval.told`,{clip:o,text:Sn(e,i)})]:[]})}function En(e){if(typeof e!=`object`||!e)return null;let t=e,n=e=>typeof t[e]==`number`?t[e]:0;return{seconds:n(`seconds`),of:n(`of_seconds`),every_picture:n(`seconds_up_to_double_speed`),fastest:n(`fastest_percent`)}}function Dn(e,t,n,r,i){if(typeof i==`number`)return An(e,r,i);if(typeof i==`object`)return jn(e,r,i);if(typeof i!=`string`||!i)return``;let{clip:a}=t.details,o=n.camera(typeof a==`string`?a:``)??``;return On[r]?.({context:e,step:t,camera:o,caseId:n.case},i)??i}var On={kind:kn,result:({context:{t:e},step:{details:t}},n)=>n===`passed`||n===`failed`?Y(e,typeof t.kind==`string`?t.kind:``,n):n,setting:({context:{t:e}},t)=>P(e,`setting.${t}`,t),outcome:({context:{t:e}},t)=>P(e,`outcomes.${t}`,t),by:({context:{t:e}},t)=>P(e,`by.${t}`,t),until:({context:{clock:e}},t)=>e.at(t),clip:({context:{t:e},camera:t},n)=>t?e(`history.clip`,{camera:t,clip:n}):n,error:({context:{t:e,hass:t},camera:n},r)=>$t(e,r,n)??J(t,r,n),what:({context:{t:e,hass:t}},n)=>P(e,`deeds.${n.replace(/_case$/,``)}`,``)||t.localize(`component.niiza_cctv.services.${n}.name`)||n,reason:({context:{hass:e},step:t,camera:n,caseId:r},i)=>t.action===`refused`?J(e,i,n,r):i};function kn({context:{hass:e},step:{details:t}},n){if(!(`object_kind`in t))return``;let{kind_name:r}=t;return typeof r==`string`?r:e.localize(`component.niiza_cctv.selector.check_kind.options.${n}`)||n}function An({t:e},t,n){return t===`clock_offset`?Z(e,n):t===`hidden_pictures`||t===`count`&&n>1?String(n):``}function jn({t:e},t,n){return n===null?``:t===`witness`?`name`in n?String(n.name):``:`audio`in n||`profiles`in n||`mode`in n?xn(e,n,t===`before`):``}var Mn=[`received`,`preserved`,`approved`,`released`,`handed_over`,`purged`],Nn=class extends L{static properties={...L.properties,caseId:{type:String},shown:{state:!0},asking:{state:!0},released:{state:!0},playing:{state:!0},item:{state:!0},marked:{state:!0}};static styles=[j,o`
      .way {
        counter-reset: step;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .way li {
        align-items: center;
        border-block-start: 4px solid var(--divider-color);
        color: var(--secondary-text-color);
        display: flex;
        flex: 1 1 100px;
        gap: 8px;
        padding-block-start: 8px;
      }
      .way li.past {
        border-color: var(--success-color);
      }
      .way li[aria-current] {
        border-color: var(--primary-color);
        color: var(--primary-text-color);
        font-weight: 500;
      }
      .here {
        font-size: 1.35rem;
        margin-block: 20px 4px;
      }
      .next {
        font-size: 1.1rem;
      }
      .offers {
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 240px), 1fr));
        margin-block-start: 16px;
      }
      .offers p {
        margin-block-start: 6px;
      }
      .offers button {
        inline-size: 100%;
      }
      .clips {
        display: grid;
        gap: 16px;
      }
      .history {
        border-inline-start: 2px solid var(--divider-color);
        display: grid;
        gap: 14px;
        margin-inline-start: 6px;
        padding-inline-start: 20px;
      }
      .history li {
        /* Hashes are longer than a phone is wide. */
        overflow-wrap: anywhere;
        position: relative;
      }
      .history li::before {
        background: var(--card-background-color);
        block-size: 10px;
        border: 2px solid var(--secondary-text-color);
        border-radius: 50%;
        content: "";
        inline-size: 10px;
        inset-block-start: 7px;
        inset-inline-start: -28px;
        position: absolute;
      }
      .history li.refused::before {
        background: var(--error-color);
        border-color: var(--error-color);
        border-radius: 0;
      }
    `];constructor(){super(),this.caseId=``,this.asking=``,this.item=``}willUpdate(e){e.has(`caseId`)&&(this.shown=void 0,this.released=void 0,this.asking=``,this.marked=void 0,this.refresh()),super.willUpdate(e)}async read(){let e=this.caseId,t=await this.context.api.getCase(e);e===this.caseId&&(this.shown=t)}ask(e,t=``){this.error=``,this.item=t,this.asking=e}async runErrand({name:e,run:t}){await this.attempt(e,async()=>{await t(),await this.refresh()})&&e===`cut_clip`&&(this.marked=void 0)}mark(e){this.error=``,this.marked=e}async carryOut({act:e,carryOut:t}){await this.attempt(e,async()=>{let e=await t();e&&(this.released=e),this.asking=``,await this.refresh()})}async cancelClip(e){await this.attempt(e.clip,async()=>{await this.context.api.cancelClip(e.clip),await this.refresh()})}async sealEarly(e){await this.attempt(e.clip,async()=>{await this.context.api.sealEarly(e.clip),await this.refresh()})}async retryClip(e){let{api:t}=this.context;await this.attempt(e.clip,async()=>{e.state===`failed`&&await t.cancelClip(e.clip);let{camera:n,start:r,end:i}=e;await t.exportClip(this.caseId,{cameras:[n],start:r,end:i,margin:0}),await this.refresh()})}way(e){let{t}=this.context,n=Mn.indexOf(e.state);return n<0?T:C`<ol class="way" aria-label=${t(`case.way`)}>
      ${Mn.map((e,r)=>C`<li class=${r<n?`past`:``} aria-current=${r===n?`step`:T}>
            <ha-icon icon=${r<n?`mdi:check`:Kt[e]}></ha-icon>
            <span>${t(`states.${e}`)}</span>
          </li>`)}
    </ol>`}offer({act:e,why:t},n,r){let{t:i}=this.context,a=Jt.has(e)?`danger`:n?`main`:``;return C`<div>
      <button
        class=${t?``:a}
        ?disabled=${t!==null}
        aria-describedby=${t?`why-${e}`:T}
        @click=${()=>{this.ask(e)}}
      >
        <ha-icon icon=${qt[e]}></ha-icon>${i(e===`release`&&r?`do.release_again`:`do.${e}`)}
      </button>
      ${t?C`<p class="small soft" id="why-${e}">${i(t)}</p>`:T}
    </div>`}deadlines(e){let{t,clock:n}=this.context,r=Nt.has(e.state);return C`${e.overwritten_at&&r?C`<p class="row">
          ${t(`case.overwritten_at`,{at:n.at(e.overwritten_at)})} ${Yt(t,e.overwritten_at)}
        </p>`:T}
    ${e.questions?C`<ha-alert alert-type="warning">${t(`case.silent`)}</ha-alert>`:T}
    ${e.kept_until?C`<p class="soft">
          ${t(r?`case.expires`:`case.removed_at`,{at:n.at(e.kept_until)})}
        </p>`:T}`}next(e){let{t,info:n}=this.context;return C`<ha-card>
      ${this.way(e)}
      <h2 class="with-icon here">
        <ha-icon icon=${Kt[e.state]}></ha-icon>${t(`states.${e.state}`)}
      </h2>
      <p class="next">${t(Ht(e,n))}</p>
      ${this.deadlines(e)}
      <div class="offers">
        ${Bt(e,n).map((t,n)=>this.offer(t,n===0,e.state===`released`))}
      </div>
      ${this.asking||this.marked?T:this.errorAlert()}
    </ha-card>`}package(e){let{t}=this.context;return e.packing&&this.asking!==`release`?C`<ha-card><h2>${t(`package.making`)}</h2>${kt(this.context,e.packing,this.busy===`release`)}</ha-card>`:this.released?Nt.has(e.state)?C`<niiza-cctv-case-package
      .context=${this.context}
      .released=${this.released}
    ></niiza-cctv-case-package>`:T:At(this.context,e,/* @__PURE__ */ new Date)}counted({clip:e,watched:t}){if(!this.shown)return;let n=this.shown.passages.map(n=>n.clip===e?{...n,watched:t}:{...n,cuts:n.cuts.map(n=>n.cut===e?{...n,watched:t}:n)});this.shown={...this.shown,passages:n}}step(e){return this.asking?C`<niiza-cctv-case-step
      .context=${this.context}
      .shown=${e}
      .act=${this.asking}
      .item=${this.item}
      .running=${this.busy}
      .failure=${this.error}
      @submitted=${e=>void this.carryOut(e.detail)}
      @dismissed=${()=>{this.ask(``)}}
    ></niiza-cctv-case-step>`:T}cutting(){return this.marked?C`<niiza-cctv-cut-form
      .context=${this.context}
      .marked=${this.marked}
      .running=${this.busy}
      .failure=${this.error}
      @submitted=${e=>void this.runErrand(e.detail)}
      @dismissed=${()=>{this.mark(void 0)}}
    ></niiza-cctv-cut-form>`:T}leaving(e){return!e.release_items.length&&!e.offers.includes(`choose_for_release`)?T:C`<niiza-cctv-case-release
      .context=${this.context}
      .shown=${e}
      .paused=${!!this.busy}
      @approving=${e=>{this.ask(`approve`,e.detail)}}
    ></niiza-cctv-case-release>`}clip(e,t){return C`<li>
      <niiza-cctv-case-clip
        @watched-counted=${e=>{this.counted(e.detail)}}
        .context=${this.context}
        .clip=${e}
        .caseState=${t.state}
        .takesClips=${t.offers.includes(`request_clips`)}
        .paused=${!!this.busy}
        .covered=${!!(this.asking||this.marked)}
        .playing=${this.playing?.clip===e.clip?this.playing.player:``}
        @cancelled=${()=>void this.cancelClip(e)}
        @sealed-early=${()=>void this.sealEarly(e)}
        @retried=${()=>void this.retryClip(e)}
        @played=${({detail:t})=>{this.playing=t?{clip:e.clip,player:t}:void 0}}
      ></niiza-cctv-case-clip>
    </li>`}footage(e){let{t}=this.context;return C`<ha-card>
      <h2>${t(`case.footage`)}</h2>
      ${e.passages.length?C`<ul class="clips">
            ${e.passages.map(t=>this.clip(t,e))}
          </ul>`:C`<p class="soft">${t(`case.no_footage`)}</p>`}
    </ha-card>`}papers(e){let{t}=this.context;return C`<ha-card>
      <h2>${t(`case.request`)}</h2>
      <dl>
        ${Object.entries(e.request).map(([e,n])=>n?C`<dt>${P(t,`fields.${e}`,e)}</dt>
                <dd>${n}</dd>`:T)}
      </dl>
    </ha-card>`}history(e){return C`<ha-card>
      <h2>${this.context.t(`case.history`)}</h2>
      <ol class="history">
        ${e.history.map(t=>this.historyEntry(t,e))}
      </ol>
    </ha-card>`}historyEntry(e,t){let{t:n,clock:r}=this.context,i=wn(this.context,e,{case:this.caseId,camera:e=>t.passages.find(t=>t.clip===e)?.camera_name});return C`<li class=${e.action===`refused`?`refused`:``}>
      <div class="row">
        <strong>${P(n,`history.${e.action}`,e.action)}</strong>
        <span>${e.person?.name??n(`history.nobody`)}</span>
      </div>
      <time class="soft small" datetime=${e.at}>${r.at(e.at)}</time>
      ${i.map(e=>C`<div class="small">${e}</div>`)}
    </li>`}unknown(){let{t:e}=this.context;return C`<div class="page">
      <h1 tabindex="-1">${this.caseId}</h1>
      ${this.unread?this.errorAlert(this.unread):C`<p role="status">${e(`common.loading`)}</p>`}
      <p><a href="${F}/cases">${e(`case.back`)}</a></p>
    </div>`}render(){let{t:e}=this.context,{shown:t}=this;return t?C`<div
      class="page"
      @errand=${e=>void this.runErrand(e.detail)}
      @cut-marked=${e=>{this.mark(e.detail)}}
    >
      <p><a class="with-icon" href="${F}/cases"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`case.back`)}</a></p>
      <h1 tabindex="-1">${e(`case.heading`,{case:t.case,kind:e(`kinds.${t.kind}`)})}</h1>
      ${this.errorAlert(this.unread)} ${this.next(t)} ${this.package(t)} ${this.step(t)}
      ${this.cutting()} ${this.leaving(t)} ${this.footage(t)} ${this.papers(t)} ${this.history(t)}
    </div>`:this.unknown()}},Pn={authentic:`mdi:shield-check`,pictures_missing:`mdi:shield-alert`,not_authentic:`mdi:shield-remove`,not_signed:`mdi:shield-off`,not_checked:`mdi:shield-off`};function Fn(e,t,n,r=0){if(!n)return T;let{state:i,until:a,spans:o,more_spans:s,trust:c,signer:l,fingerprint:u,certificate_from:d}=n;return C`<p class="small with-icon">
      <ha-icon icon=${Pn[i]}></ha-icon>
      <span
        >${e(`clip.signed_${i}`,{until:a?t.at(a):e(`clip.signed_nothing`)})}
        ${c?e(`clip.key_${c}`,{signer:l,fingerprint:u}):T}
        ${d?e(`clip.certificate_${d}`):T} ${r?e(`clip.read_on`,{count:r}):T}</span
      >
    </p>
    ${o.length?C`<ul class="small">
          ${o.map(({start:n,end:r,verdict:i})=>C`<li>${t.tenths(new Date(n))}–${t.tenths(new Date(r))}: ${e(`clip.verdict_${i}`)}</li>`)}
          ${s?C`<li>${e(`clip.signed_more`,{count:s})}</li>`:T}
        </ul>`:T}`}var In={request:`mdi:file-remove-outline`,confirm:`mdi:account-check`,decline:`mdi:undo`},Ln={request:`cut.withdraw`,confirm:`cut.confirm`,decline:`cut.decline`},Rn={request:`cut.withdraw_question`,confirm:`cut.confirm_question`};function zn(e,{item:t,steps:n},r,i){return n.map(n=>{let a=Rn[n];return C`<button
      class=${n===`confirm`?`danger`:`flat`}
      ?disabled=${r}
      @click=${()=>{(!a||window.confirm(e(a,{item:t})))&&i(n)}}
    >
      <ha-icon icon=${In[n]}></ha-icon>${e(Ln[n])}
    </button>`})}var Bn=class extends I{static properties={...I.properties,cut:{attribute:!1},cameraName:{type:String},paused:{type:Boolean},covered:{type:Boolean},playing:{type:Boolean}};static styles=[j,o`
      :host {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        padding-inline-start: 16px;
      }
    `];constructor(){super(),this.cameraName=``,this.paused=!1,this.covered=!1,this.playing=!1}errand(e){let t={name:this.cut.cut,run:e};this.dispatchEvent(new CustomEvent(`errand`,{detail:t,bubbles:!0,composed:!0}))}facts(e){let{t,clock:n}=this.context,{pictures:r,hidden_pictures:i}=e,a=e.encoded_anew?t(`cut.not_original`):i?t(`cut.hidden`,{count:i}):t(`cut.nothing_hidden`);return C`<p class="small">
        ${t(`cut.facts`,{pictures:r,first:n.at(e.first_picture),last:n.at(e.last_picture)})}
        <strong>${a}</strong>
      </p>
      ${Fn(t,n,e.signing)}
      <details>
        <summary class="small">${t(`clip.hashes`)}</summary>
        <dl class="small">
          ${[e.file,e.viewing_copy].map(e=>e?C`<dt>${e.name}</dt>
                  <dd class="mono">${t(`clip.size`,{mb:(e.size/1e6).toFixed(1)})} ${e.sha256}</dd>`:T)}
        </dl>
      </details>`}buttons(){let{t:e,api:t}=this.context,{cut:n}=this;return C`<div class="row">
      ${n.state===`sealed`?C`<button
            aria-expanded=${this.playing}
            @click=${()=>{this.playing=!this.playing}}
          >
            <ha-icon icon=${this.playing?`mdi:close`:`mdi:play-box-lock`}></ha-icon>${e(this.playing?`watch.close`:`cut.watch`)}
          </button>`:T}
      ${n.offers.includes(`cancel_clip`)?C`<button
            ?disabled=${this.paused}
            @click=${()=>{this.errand(()=>t.cancelClip(n.cut))}}
          >
            <ha-icon icon="mdi:cancel"></ha-icon>${e(`cut.cancel`)}
          </button>`:T}
      ${zn(e,{item:n.cut,steps:n.withdrawal_steps,withdrawal:n.withdrawal},this.paused,e=>{this.errand(()=>t.withdrawClip(n.cut,e))})}
    </div>`}render(){let{t:e,clock:t,hass:n}=this.context,{cut:r}=this;return C`<div class="row spread">
        <h4>${e(r.encode_anew?`cut.copy`:`cut.name`,{cut:r.cut})}</h4>
        <span class="chip ${r.state===`failed`?`risk`:``}">${e(`cut.${r.state}`)}</span>
      </div>
      <p>${q(e,t,r)}</p>
      ${r.state===`requested`?C`<progress max="100" .value=${r.percent??0} aria-label=${e(`cut.requested`)}></progress>`:T}
      ${r.error?C`<ha-alert alert-type="warning">${J(n,r.error,this.cameraName)}</ha-alert>`:T}
      ${r.sealed?this.facts(r.sealed):T} ${Vn(this.context,r.withdrawal,r.state)}
      ${this.buttons()}
      ${this.playing&&r.state===`sealed`?C`<niiza-cctv-sealed
            .context=${this.context}
            .clip=${r.cut}
            .cameraName=${this.cameraName}
            .covered=${this.covered}
          ></niiza-cctv-sealed>`:T}`}};function Vn({t:e,clock:t},n,r){return n&&r===`sealed`?C`<ha-alert alert-type="warning"
        >${e(`cut.withdrawal`,{person:n.by.name,at:t.at(n.at)})}</ha-alert
      >`:T}function Hn({t:e,clock:t},{sealed_early:n}){return n?C`<ha-alert alert-type="warning"
        >${e(`clip.sealed_early`,{person:n.by.name,at:t.at(n.at)})}</ha-alert
      >`:T}function Un({t:e},t){let{progress:n,rest_of:r,start:i,end:a}=t,o=Math.round((Date.parse(a)-Date.parse(i))/1e3),s=t.state===`requested`?n:null;return C`${r?C`<p class="small soft">${e(`clip.rest_of`,{clip:r})}</p>`:T}
  ${s?.real_time?C`<p class="small">${e(`progress.real_time`,{time:K(o)})}</p>`:T}
  ${s?.stalled?C`<ha-alert alert-type="info">${e(`clip.stalled`)}</ha-alert>`:T}`}var Wn=2;function Gn(e,t,n){let r=n.filter(Kn);return r.length?C`<ul class="small">
        ${r.map(n=>C`<li class="with-icon">
              <ha-icon icon=${n.known===`measured`&&!n.twice?`mdi:clock-check`:`mdi:clock-alert`}></ha-icon>
              <span>${qn(e,t,n)} ${n.twice?e(`find.clock_twice`):T}</span>
            </li>`)}
      </ul>`:T}function Kn({known:e,ahead:t,ahead_until:n,twice:r}){return e!==`measured`||r||Math.max(Math.abs(t),Math.abs(n))>Wn}function qn(e,t,{start:n,end:r,ahead:i,known:a,measured:o,doubt:s}){let[c=``,l=``]=o??[];return e(`find.clock_${a}`,{start:t.at(n),end:t.at(r),offset:Z(e,i),from:c&&t.at(c),to:l&&t.at(l),doubt:Math.ceil(s)})}var Jn={requested:`mdi:progress-download`,sealed:`mdi:lock-check`,failed:`mdi:alert-circle`,cancelled:`mdi:cancel`,withdrawn:`mdi:file-remove`,removed:`mdi:delete-empty`},Yn={requested:[`card`],sealed:[`sealed`,`card`],failed:[`card`],cancelled:[`card`],withdrawn:[],removed:[]};function Xn(e){return e.by_hand?e.by_hand.network===`none`?[]:[`card`]:Yn[e.state]}var Zn=class extends I{static properties={...I.properties,clip:{attribute:!1},caseState:{type:String},takesClips:{type:Boolean},paused:{type:Boolean},playing:{type:String},covered:{type:Boolean}};static styles=[j,o`
      :host {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        display: grid;
        gap: 8px;
        padding: 16px;
      }
      details summary {
        cursor: pointer;
        min-block-size: 40px;
      }
    `];constructor(){super(),this.covered=!1,this.takesClips=!1,this.paused=!1,this.playing=``}tell(e){this.dispatchEvent(new CustomEvent(e))}cancel(){let e=this.clip.by_hand?`by_hand.withdraw_question`:`clip.cancel_question`;window.confirm(this.context.t(e,{camera:this.clip.camera_name}))&&this.tell(`cancelled`)}sealEarly(){let e=this.context.t(`clip.seal_early_question`,{camera:this.clip.camera_name});window.confirm(e)&&this.tell(`sealed-early`)}play(e){this.dispatchEvent(new CustomEvent(`played`,{detail:e}))}players(){if(this.caseState===`purged`)return[];let e=this.context.info.roles.includes(`viewer`);return Xn(this.clip).filter(t=>t===`sealed`||e)}waits(){return this.clip.state===`requested`||this.clip.state===`failed`}cut(){let{clip:e,start:t,end:n}=this.clip,r={clip:e,start:t,end:n};this.dispatchEvent(new CustomEvent(`cut-marked`,{detail:r,bubbles:!0,composed:!0}))}withdraw(e){let{api:t}=this.context,{clip:n}=this.clip,r={name:n,run:()=>t.withdrawClip(n,e)};this.dispatchEvent(new CustomEvent(`errand`,{detail:r,bubbles:!0,composed:!0}))}cancellable(){return this.clip.offers.includes(`cancel_clip`)}retriable(){let{by_hand:e,sealed_early:t,state:n}=this.clip,r=n===`failed`||n===`cancelled`||n===`sealed`&&!!t;return this.takesClips&&!e&&r}chip(){let{t:e}=this.context,{by_hand:t,state:n}=this.clip,[r,i]=t&&n===`sealed`?[`mdi:usb-flash-drive`,e(`by_hand.taken`)]:[Jn[n],e(`clip.${n}`)];return C`<span class="chip ${n===`failed`?`risk`:``}"><ha-icon icon=${r}></ha-icon>${i}</span>`}progress(){let{t:e}=this.context,{progress:t,state:n,camera_name:r}=this.clip;if(!t||n!==`requested`)return T;let i=Math.floor(t.percent),a=[P(e,`progress.${t.state}`,t.state),t.state===`queued`&&t.place>0?e(`progress.place`,{place:t.place}):``,t.remaining===null?``:e(`progress.remaining`,{time:K(t.remaining)})].filter(Boolean);return C`<div>
      <progress max="100" .value=${t.percent} aria-label=${e(`progress.label`,{camera:r})}>${i}%</progress>
      <div class="row spread small"><span>${a.join(`・`)}</span><span>${i}%</span></div>
    </div>`}trouble(e){let{t,hass:n}=this.context,{camera_name:r,attempts:i,progress:a,state:o}=this.clip,s=J(n,e,r);return o===`requested`&&(a?.state===`retrieving`||a?.state===`writing`)?C`<p class="small soft">${t(`clip.setback`,{error:s})}</p>`:C`<ha-alert alert-type="warning"
      >${$t(t,e,r)??t(`clip.error`,{error:s,attempts:i})}</ha-alert
    >`}overwriting(e){let{t,clock:n}=this.context;return C`<p class="row small">${t(`find.overwritten_at`,{at:n.at(e)})} ${Yt(t,e)}</p>`}sealed(e){let{t,clock:n}=this.context;return C`
      <p class="small">
        ${t(`clip.facts`,{width:e.width,height:e.height,codec:e.codec.toUpperCase(),pictures:e.pictures,first:n.at(e.first_picture),last:n.at(e.last_picture)})}
        ${e.damaged?t(`clip.damaged`,{count:e.damaged}):T}
        ${e.signed_by_camera&&!e.signing?t(`clip.signed`):T}
        ${e.viewing_copy_due?t(`clip.copying`):T}
      </p>
      ${e.gaps.length?Qt(t,n,e.gaps):C`<p class="small with-icon"><ha-icon icon="mdi:check-circle"></ha-icon>${t(`find.complete`)}</p>`}
      ${Fn(t,n,e.signing,e.read_on)} ${Gn(t,n,e.clocks)} ${this.hashes(e)}
    `}hashes({master:e,viewing_copy:t}){let{t:n}=this.context;return C`<details>
      <summary class="small">${n(`clip.hashes`)}</summary>
      <dl class="small">
        ${[e,t].map(e=>e?C`<dt>${e.name}</dt>
                <dd class="mono">${n(`clip.size`,{mb:(e.size/1e6).toFixed(1)})} ${e.sha256}</dd>`:T)}
      </dl>
    </details>`}byHand(e){let{t}=this.context;return C`
      <p class="small">${t(`by_hand.not_here`)}</p>
      ${e.network===`none`?T:C`<ha-alert alert-type=${e.network===`up`?`warning`:`info`}
            >${t(e.network===`up`?`by_hand.was_up`:`by_hand.was_down`)}</ha-alert
          >`}
      <dl class="small">
        ${this.byHandRows(e).map(([e,t])=>t?C`<dt>${e}</dt>
                <dd class=${e===`SHA-256`?`mono`:``}>${t}</dd>`:T)}
      </dl>
    `}byHandRows(e){let{t}=this.context,{clock_offset:n,second_person:r}=e;return[[t(`by_hand.people`),t(`by_hand.two`,{person:this.clip.asked_by.name,second:r.name})],[t(`fields.medium`),e.medium],[t(`fields.medium_serial`),e.medium_serial],[`SHA-256`,e.sha256??t(`by_hand.no_hash`)],[t(`by_hand.clock`),n===null?t(`by_hand.clock_not_read`):Z(t,n)],[t(`fields.note`),e.note]]}watchButton(e){let{t}=this.context,n=this.playing===e,r=e===`sealed`;return C`<button
      aria-expanded=${n}
      @click=${()=>{this.play(n?``:e)}}
    >
      <ha-icon icon=${n?`mdi:close`:r?`mdi:play-box-lock`:`mdi:play`}></ha-icon>${t(n?`watch.close`:r?`watch.open_sealed`:`watch.open_card`)}
    </button>`}buttons(e){let{t}=this.context;return C`<div class="row">
      ${e.map(e=>this.watchButton(e))}
      ${this.clip.offers.includes(`seal_early`)?C`<button ?disabled=${this.paused} @click=${this.sealEarly}>
            <ha-icon icon="mdi:movie-check"></ha-icon>${t(`clip.seal_early`)}
          </button>`:T}
      ${this.cancellable()?C`<button ?disabled=${this.paused} @click=${this.cancel}>
            <ha-icon icon="mdi:cancel"></ha-icon>${t(this.clip.by_hand?`by_hand.withdraw`:`clip.cancel`)}
          </button>`:T}
      ${this.retriable()?C`<button
            ?disabled=${this.paused}
            @click=${()=>{this.tell(`retried`)}}
          >
            <ha-icon icon="mdi:refresh"></ha-icon>${t(`clip.retry`)}
          </button>`:T}
      ${this.clip.offers.includes(`cut_clip`)?C`<button ?disabled=${this.paused} @click=${this.cut}>
            <ha-icon icon="mdi:content-cut"></ha-icon>${t(`cut.cut`)}
          </button>`:T}
      ${zn(t,{item:this.clip.clip,steps:this.clip.withdrawal_steps,withdrawal:this.clip.withdrawal},this.paused,e=>{this.withdraw(e)})}
    </div>`}cuts(){return this.clip.cuts.map(e=>C`<niiza-cctv-case-cut
          .context=${this.context}
          .cut=${e}
          .cameraName=${this.clip.camera_name}
          .paused=${this.paused}
          .covered=${this.covered}
        ></niiza-cctv-case-cut>`)}player(){let{clip:e}=this;switch(this.playing){case`sealed`:return C`<niiza-cctv-sealed
          .context=${this.context}
          .clip=${e.clip}
          .cameraName=${e.camera_name}
          .cuttable=${e.offers.includes(`cut_clip`)}
          .covered=${this.covered}
        ></niiza-cctv-sealed>`;case`card`:return C`<niiza-cctv-watch
          .context=${this.context}
          .camera=${e.camera}
          .cameraName=${e.camera_name}
          .start=${e.start}
          .end=${e.end}
          .kept=${e.state===`sealed`}
        ></niiza-cctv-watch>`;case``:return T}}render(){let{t:e,clock:t}=this.context,{clip:n}=this,r=this.players();return C`
      <div class="row spread">
        <h3>${n.camera_name}</h3>
        ${this.chip()}
      </div>
      <p>${q(e,t,n)}</p>
      ${this.progress()} ${Un(this.context,n)} ${Hn(this.context,n)}
      ${n.error&&this.waits()?this.trouble(n.error):T}
      ${n.overwritten_at&&this.waits()?this.overwriting(n.overwritten_at):T}
      ${n.sealed?this.sealed(n.sealed):T} ${n.by_hand?this.byHand(n.by_hand):T}
      ${Vn(this.context,n.withdrawal,n.state)} ${this.buttons(r)}
      ${r.some(e=>e===this.playing)?this.player():T} ${this.cuts()}
    `}},Qn=class extends I{static properties={...I.properties,released:{attribute:!1},downloaded:{state:!0},copied:{state:!0}};static styles=[j,o`
      .passphrase {
        border: 2px solid var(--primary-color);
        border-radius: 12px;
        font-size: 1.4rem;
        padding: 12px 16px;
        user-select: all;
      }
    `];constructor(){super(),this.downloaded=!1,this.copied=``}willUpdate(e){e.has(`released`)&&(this.downloaded=!1,this.copied=``)}updated(e){e.has(`released`)&&this.renderRoot.querySelector(`#package`)?.focus()}async copyPassphrase(e){this.copied=this.context.t(await Ge(e)?`release.copied`:`release.not_copied`)}markDownloaded(){setTimeout(()=>{this.downloaded=!0})}passphrase(e){let{t}=this.context;return C`<ha-alert alert-type="warning">${t(`release.passphrase_warning`)}</ha-alert>
      <p></p>
      <p class="passphrase mono" aria-label=${t(`release.passphrase`)}>${e}</p>
      <p class="row">
        <button @click=${()=>void this.copyPassphrase(e)}>
          <ha-icon icon="mdi:content-copy"></ha-icon>${t(`release.copy`)}
        </button>
        <span role="status">${this.copied}</span>
      </p>`}download({link:e,file:t,expires:n}){let{t:r,clock:i}=this.context;return this.downloaded?C`<p>${r(`release.downloaded`)}</p>`:C`<p class="row">
      <a class="button main" href=${e} download @click=${this.markDownloaded}
        ><ha-icon icon="mdi:download"></ha-icon>${r(`release.download`,{name:t.name})}</a
      >
      <span>${r(`release.once`,{at:i.at(n)})} ${r(`release.anyone`)}</span>
    </p>`}render(){let{t:e}=this.context,{released:t}=this;return C`<ha-card id="package" tabindex="-1" role="region" aria-labelledby="package-heading">
      <h2 id="package-heading">${e(`release.heading`)}</h2>
      ${t.passphrase?this.passphrase(t.passphrase):T} ${this.download(t)}
      <dl class="small">
        <dt>SHA-256</dt>
        <dd class="mono">${t.file.sha256}</dd>
      </dl>
    </ha-card>`}};function $n(e){return e.release_items.filter(e=>!e.approved_by)}function er({item:e,digest:t,hidden_pictures:n}){return{item:e,sha256:t,hidden_pictures:n}}function tr({t:e},t){return e(`items.${t.kind}`,{camera:t.camera_name,item:t.item})}function nr({t:e,clock:t},n,r,i=!0){let{granted_start:a,granted_end:o,hidden_pictures:s}=n,c=s?C`<strong>${e(`items.hidden_count`,{count:s})}</strong>`:e(`items.nothing_hidden`);return C`<dl class="small">
    ${i?C`<dt>${e(`items.requested`)}</dt>
          <dd>${q(e,t,n)}</dd>`:T}
    ${i&&a&&o?C`<dt>${e(`items.granted`)}</dt>
          <dd>${q(e,t,{start:a,end:o})}</dd>`:T}
    ${n.kind===`cut`?C`<dt>${e(`items.hidden`)}</dt>
          <dd>${c}</dd>`:T}
    <dt>${r?e(`by_hand.entry_hash`):`SHA-256`}</dt>
    <dd class="mono">${n.digest}</dd>
  </dl>`}var rr=class extends I{static properties={...I.properties,shown:{attribute:!1},paused:{type:Boolean},picked:{state:!0}};static styles=[j,o`
      ul {
        display: grid;
        gap: 16px;
        margin-block-end: 16px;
      }
      li {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        display: grid;
        gap: 8px;
        padding: 16px;
      }
    `];constructor(){super(),this.paused=!1}willUpdate(e){let t=e.get(`shown`);t&&t.case!==this.shown.case&&(this.picked=void 0)}choosable(){let{t:e}=this.context;return this.shown.passages.flatMap(t=>{let n=t.by_hand?`by_hand`:`clip`,r={id:t.clip,label:e(`items.${n}`,{camera:t.camera_name,item:t.clip})},i=t.cuts.filter(e=>e.state===`sealed`).map(n=>({id:n.cut,label:e(n.encode_anew?`items.viewing_copy`:`items.cut`,{camera:t.camera_name,item:n.cut})})),a=t.masks.filter(e=>e.state===`sealed`).map(n=>({id:n.mask,label:e(`items.masked`,{camera:t.camera_name,item:n.mask})}));return t.state===`sealed`?[r,...i,...a]:[]})}begin(){this.error=``,this.picked=new Set(this.shown.release_items.map(e=>e.item))}toggle(e,t){let n=new Set(this.picked);t?n.add(e):n.delete(e),this.picked=n}choose(){let e=[...this.picked??[]];if(!e.length){this.error=this.context.t(`items.choose_one`);return}let{api:t}=this.context;this.dispatchEvent(new CustomEvent(`errand`,{detail:{name:`choose_for_release`,run:async()=>{await t.chooseForRelease(this.shown.case,e),this.picked=void 0}},bubbles:!0,composed:!0}))}form(e){let{t}=this.context;return C`<fieldset>
        <legend>${t(`items.choose_help`)}</legend>
        <div class="choices">
          ${this.choosable().map(({id:t,label:n})=>C`<label class="choice"
                ><input
                  type="checkbox"
                  name="item"
                  value=${t}
                  .checked=${e.has(t)}
                  @change=${e=>{this.toggle(t,e.target.checked)}}
                />${n}</label
              >`)}
        </div>
      </fieldset>
      ${this.errorAlert()}
      <div class="row">
        <button
          class="flat"
          ?disabled=${this.paused}
          @click=${()=>{this.picked=void 0}}
        >
          ${t(`common.back`)}
        </button>
        <button class="main" ?disabled=${this.paused} @click=${this.choose}>${t(`items.choose_do`)}</button>
      </div>`}item(e){let{t,clock:n}=this.context,r=this.shown.passages.find(t=>t.clip===e.item)?.by_hand,{approved_by:i,approved_at:a}=e;return C`<li>
      <div class="row spread">
        <h3>${tr(this.context,e)}</h3>
        <span class="chip">${i&&a?t(`items.approved`,{person:i.name,at:n.at(a)}):t(`items.waits`)}</span>
      </div>
      ${nr(this.context,e,!(!r||r.sha256))}
      ${!i&&this.shown.offers.includes(`approve`)?C`<div class="row">
            <button
              ?disabled=${this.paused}
              @click=${()=>{this.dispatchEvent(new CustomEvent(`approving`,{detail:e.item}))}}
            >
              <ha-icon icon="mdi:check-decagram"></ha-icon>${t(`items.approve`)}
            </button>
          </div>`:T}
    </li>`}render(){let{t:e}=this.context,{shown:t}=this,n=t.chosen_by;return C`<ha-card>
      <h2>${e(`items.heading`)}</h2>
      <p class="soft">${n?e(`items.chosen_by`,{person:n.name}):e(`items.default`)}</p>
      ${t.release_items.length?C`<ul>
            ${t.release_items.map(e=>this.item(e))}
          </ul>`:C`<p>${e(`items.none`)}</p>`}
      ${this.picked?this.form(this.picked):t.offers.includes(`choose_for_release`)?C`<div class="row">
              <button ?disabled=${this.paused} @click=${this.begin}>
                <ha-icon icon="mdi:format-list-checks"></ha-icon>${e(`items.choose`)}
              </button>
            </div>`:T}
    </ha-card>`}},ir=(e,t)=>{let n=e._$AN;if(n===void 0)return!1;for(let e of n)e._$AO?.(t,!1),ir(e,t);return!0},ar=e=>{let t,n;do{if((t=e._$AM)===void 0)break;n=t._$AN,n.delete(e),e=t}while(n?.size===0)},or=e=>{for(let t;t=e._$AM;e=t){let n=t._$AN;if(n===void 0)t._$AN=n=/* @__PURE__ */ new Set;else if(n.has(e))break;n.add(e),lr(t)}};function sr(e){this._$AN===void 0?this._$AM=e:(ar(this),this._$AM=e,or(this))}function cr(e,t=!1,n=0){let r=this._$AH,i=this._$AN;if(i!==void 0&&i.size!==0){if(t){if(Array.isArray(r))for(let e=n;e<r.length;e++)ir(r[e],!1),ar(r[e]);else r!=null&&(ir(r,!1),ar(r))}else ir(this,e)}}var lr=e=>{e.type==R.CHILD&&(e._$AP??=cr,e._$AQ??=sr)},ur=class extends et{constructor(){super(...arguments),this._$AN=void 0}_$AT(e,t,n){super._$AT(e,t,n),or(this),this.isConnected=e._$AU}_$AO(e,t=!0){e!==this.isConnected&&(this.isConnected=e,e?this.reconnected?.():this.disconnected?.()),t&&(ir(this,e),ar(this))}setValue(e){if(rt(this._$Ct))this._$Ct._$AI(e,this);else{let t=[...this._$Ct._$AH];t[this._$Ci]=e,this._$Ct._$AI(t,this,0)}}disconnected(){}reconnected(){}},dr=()=>new fr,fr=class{},pr=/* @__PURE__ */ new WeakMap,mr=$e(class extends ur{render(e){return T}update(e,[t]){let n=t!==this.G;return n&&this.rt(void 0),(n||this.lt!==this.ct)&&(this.G=t,this.ht=e.options?.host,this.rt(this.ct=e.element)),T}rt(e){if(this.G!==void 0){if(this.isConnected||(e=void 0),typeof this.G==`function`){let t=this.ht??globalThis,n=pr.get(t);n===void 0&&(n=/* @__PURE__ */ new WeakMap,pr.set(t,n)),n.get(this.G)!==void 0&&this.G.call(this.ht,void 0),n.set(this.G,e),e!==void 0&&this.G.call(this.ht,e)}else this.G.value=e}}get lt(){return typeof this.G==`function`?pr.get(this.ht??globalThis)?.get(this.G):this.G?.value}disconnected(){this.lt===this.ct&&this.rt(void 0)}reconnected(){this.rt(this.ct)}}),hr=[`document_number`,`document_date`,`organisation`,`requester`,`legal_basis`,`purpose`,`event_time`,`event_place`,`note`];function gr({t:e},t){let n=[[e(`approval.kind`),e(`kinds.${t.kind}`)],...hr.flatMap(n=>{let r=t.request[n];return r?[[P(e,`fields.${n}`,n),r]]:[]})];return C`<section class="paper" aria-label=${e(`case.request`)}>
    <dl>
      ${n.map(([e,t])=>C`<dt>${e}</dt>
            <dd>${t}</dd>`)}
    </dl>
  </section>`}function _r(e,t){let{t:n,clock:r}=e,{sealed:i,watched:a}=t;return C`<dl class="small beside">
    <dt>${n(`approval.asked`)}</dt>
    <dd>${q(n,r,t)}</dd>
    ${i?C`<dt>${n(`approval.inside`)}</dt>
          <dd>${yr(e,i)}${Qt(n,r,i.gaps)}</dd>`:T}
    ${a?C`<dt>${n(`approval.watched`)}</dt>
          <dd class="watched">${Sn(n,a)}</dd>`:T}
  </dl>`}function vr({t:e,clock:t},n,r){let i=Date.parse(n.start),a=Date.parse(n.end);return C`${Qt(e,t,r.sealed?.gaps.filter(({start:e,end:t})=>Date.parse(e)<a&&Date.parse(t)>i)??[])}
  ${n.watched?C`<dl class="small beside">
        <dt>${e(`approval.watched`)}</dt>
        <dd class="watched">${Sn(e,n.watched)}</dd>
      </dl>`:T}`}function yr({t:e,clock:t},{first_picture:n,last_picture:r,gaps:i}){let a=q(e,t,{start:n,end:r});return i.length?a:e(`approval.no_gaps`,{span:a})}function br({t:e},t){let n=t.flatMap(({watched:e})=>e?[e]:[]),r=n.filter(({seconds:e})=>!e).length,i=n.filter(({seconds:e,of:t})=>e&&e<t).length;return n.length?C`${r?C`<ha-alert alert-type="warning" class="unwatched"
        >${e(`approval.unwatched`,{count:r,of:n.length})}</ha-alert
      >`:i?C`<ha-alert alert-type="info" class="unwatched">${e(`approval.partly`,{count:i,of:n.length})}</ha-alert>`:T}
    <p class="small soft">${e(`approval.recorded`)}</p>`:T}var Q=/* @__PURE__ */ new Map,$=/* @__PURE__ */ new Map;function xr(e){return{...Q.get(e)}}function Sr(e,t){Object.values(t).some(Boolean)?Q.set(e,t):Q.delete(e)}function Cr(e){return $.get(e)}function wr(e,t){t?$.set(e,t):$.delete(e)}function Tr(e){Q.delete(e),$.delete(e)}function Er(){Q.clear(),$.clear()}function Dr(e){(Q.size||$.size)&&e.preventDefault()}function Or(){window.addEventListener(`beforeunload`,Dr),window.addEventListener(`hass-logout`,Er)}var kr=(e,t,n)=>{let r=/* @__PURE__ */ new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},Ar=$e(class extends et{constructor(e){if(super(e),e.type!==R.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=st(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,m=a.length-1;for(;d<=f&&p<=m;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=B(i[d],a[p]),d++,p++;else if(s[f]===o[m])c[m]=B(i[f],a[m]),f--,m--;else if(s[d]===o[m])c[m]=B(i[d],a[m]),z(e,c[m+1],i[d]),d++,m--;else if(s[f]===o[p])c[p]=B(i[f],a[p]),z(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=kr(o,p,m),u=kr(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=z(e,i[d]);B(t,a[p]),c[p]=t}else c[p]=B(n,a[p]),z(e,i[d],n),i[t]=null;p++}else ct(i[f]),f--}else ct(i[d]),d++;for(;p<=m;){let t=z(e,c[m+1]);B(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&ct(e)}return this.ut=o,ot(e,c),w}}),jr={cameras:``,start:``,end:``,margin:`60`},Mr=8,Nr=[0,10,30,60,300];function Pr(e){return!!(e.cameras||e.start||e.end)}function Fr(e){return e.cameras.split(`
`).filter(Boolean)}function Ir(e){let t=Fr(e),[n,r]=[G(e.start),G(e.end)];return!t.length||!n||!r||n>=r?null:{cameras:t,start:n,end:r,margin:Number(e.margin)}}var Lr=class extends I{static properties={...I.properties,typed:{attribute:!1},caseId:{type:String},required:{type:Boolean},found:{state:!0},watched:{state:!0},looked:{state:!0}};static styles=[j,o`
      :host {
        display: grid;
        gap: 16px;
      }
      .found {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        margin-block-end: 16px;
        padding-inline-start: 16px;
      }
      .search {
        flex-wrap: nowrap;
        margin-block-end: 8px;
      }
      .search span {
        flex: none;
      }
      /* The rest of the form stays in reach. */
      .many {
        max-block-size: 320px;
        overflow-y: auto;
        padding: 2px;
      }
    `];foundFor=null;constructor(){super(),this.typed=jr,this.caseId=``,this.required=!1,this.watched=``,this.looked=``}willUpdate(e){e.has(`typed`)&&this.found&&!this.covered()&&(this.found=void 0,this.watched=``)}covered(){let e=Ir(this.typed),t=this.foundFor;return e!==null&&t!==null&&e.cameras.join()===t.cameras.join()&&e.start>=t.start&&e.end<=t.end}needed(){return this.required||Pr(this.typed)}reportValidity(){return W(this.renderRoot,this.needed()?this.complaints():{})}complaints(){let{t:e}=this.context,{cameras:t,start:n,end:r}=this.typed;return{...t?{}:{"input[name=camera]":e(`find.choose_camera`)},...n&&r&&G(n)>=G(r)?{"#end":e(`find.end_first`)}:{}}}change(e){this.typed={...this.typed,...e},pt(this.renderRoot),this.dispatchEvent(new CustomEvent(`typed`,{detail:this.typed}))}toggle(e,t){let n=new Set(Fr(this.typed));t?n.add(e):n.delete(e),this.change({cameras:[...n].join(`
`)})}async find(){let e=Ir(this.typed);this.reportValidity()&&e&&await this.attempt(`find`,async()=>{let{cameras:t,start:n,end:r}=e;this.found=await this.context.api.findRecordings({cameras:t,start:n,end:r},this.caseId||void 0),this.foundFor=e})}time(e){return U(this.context.t,{name:e,label:this.context.t(`find.${e}`),type:`datetime-local`,required:this.needed(),describedBy:`zone`,value:this.typed[e],setValue:t=>{this.change({[e]:t})}})}margin(){let{t:e}=this.context;return C`<div class="field">
      <label for="margin">${e(`find.margin`)}</label>
      <select
        id="margin"
        aria-describedby="margin-help"
        @change=${e=>{this.change({margin:e.target.value})}}
      >
        ${Nr.map(t=>C`<option value=${t} ?selected=${this.typed.margin===String(t)}>
              ${t<60?e(`find.seconds`,{seconds:t}):e(`find.minutes`,{minutes:t/60})}
            </option>`)}
      </select>
    </div>`}cameras(){let{t:e,info:t}=this.context,n=Fr(this.typed),r=t.cameras.length>Mr,i=this.looked.trim().toLocaleLowerCase(),a=t.cameras.filter(({unique_id:e,name:t})=>!i||n.includes(e)||t.toLocaleLowerCase().includes(i));return C`<fieldset>
      <legend>${e(`find.cameras`)} ${this.needed()?ut(e):T}</legend>
      ${r?C`<div class="row search">
            <input
              id="by-name"
              type="search"
              autocomplete="off"
              placeholder=${e(`find.by_name`)}
              aria-label=${e(`find.by_name`)}
              .value=${this.looked}
              @input=${e=>{this.looked=e.target.value}}
              @keydown=${e=>{e.key===`Enter`&&e.preventDefault()}}
            />
            <span class="soft small" role="status">
              ${a.length?e(`find.chosen`,{count:n.length}):e(`find.no_camera`)}
            </span>
          </div>`:T}
      <div class="choices ${r?`many`:``}">
        ${Ar(a,({unique_id:e})=>e,({unique_id:e,name:t})=>C`<label class="choice"
              ><input
                type="checkbox"
                name="camera"
                .checked=${n.includes(e)}
                @change=${t=>{this.toggle(e,t.target.checked)}}
              />${t}</label
            >`)}
      </div>
      ${t.offline_cameras.length?C`<p class="soft small">
            ${e(`by_hand.offline_help`,{names:t.offline_cameras.map(e=>e.name).join(` / `)})}
          </p>`:T}
    </fieldset>`}result(e){let{t,clock:n}=this.context,{foundFor:r}=this,i=e.error||!e.stretches.length?`mdi:filmstrip-off`:e.gaps.length?`mdi:alert`:`mdi:check-circle`;return C`<li class="found">
      <h3>${e.camera_name}</h3>
      <p class="with-icon"><ha-icon icon=${i}></ha-icon> ${en(this.context.hass,t,e)}</p>
      ${!e.error&&r?Xt(t,r,e.gaps):T} ${Qt(t,n,e.gaps)}
      ${this.reservations(e)} ${this.overwriting(e)}
      ${this.context.info.roles.includes(`viewer`)&&e.stretches.length?this.watchButton(e):T}
      ${this.watched===e.camera&&r?this.player(e,r):T}
    </li>`}reservations({error:e,exact:t,clocks:n}){let{t:r,clock:i}=this.context;return C`${!e&&!t?C`<p class="small soft">${r(`find.inexact`)}</p>`:T}
    ${Gn(r,i,n)}`}overwriting({overwritten_at:e}){let{t,clock:n}=this.context;return e?C`<p class="row">${t(`find.overwritten_at`,{at:n.at(e)})} ${Yt(t,e)}</p>`:T}watchButton({camera:e}){let t=this.watched===e;return C`<div>
      <button
        type="button"
        aria-expanded=${t}
        @click=${()=>{this.watched=t?``:e}}
      >
        <ha-icon icon=${t?`mdi:close`:`mdi:play`}></ha-icon>
        ${this.context.t(t?`watch.close`:`watch.open`)}
      </button>
    </div>`}player({camera:e,camera_name:t},n){return C`<niiza-cctv-watch
      .context=${this.context}
      .camera=${e}
      .cameraName=${t}
      .start=${n.start}
      .end=${n.end}
      .pick=${!0}
      @picked=${({detail:e})=>{this.change({[e.edge]:this.context.clock.field(e.at)})}}
    ></niiza-cctv-watch>`}render(){let{t:e,clock:t}=this.context;return C`
      ${this.cameras()}
      <div class="fields">
        ${this.time(`start`)} ${this.time(`end`)} ${this.margin()}
        <div class="soft small wide">
          <div id="zone">${e(`find.zone`,{zone:t.zoneName()})}</div>
          <div id="margin-help">${e(`find.margin_help`)}</div>
        </div>
      </div>
      <div class="row">
        <button type="button" ?disabled=${!!this.busy} @click=${this.find}>
          <ha-icon icon="mdi:movie-search"></ha-icon>${e(this.busy?`find.searching`:`find.search`)}
        </button>
        <span class="soft small">${e(`find.recorded`)}</span>
      </div>
      ${this.errorAlert()}
      <div role="status">
        ${this.found?C`<ul>
              ${this.found.map(e=>this.result(e))}
            </ul>`:T}
      </div>
    `}},Rr=/* @__PURE__ */ new Set([`add_clip`,`register_footage`]),zr=e=>e.passages.filter(e=>e.state===`sealed`),Br=class extends I{static properties={...I.properties,shown:{attribute:!1},act:{type:String},item:{type:String},running:{type:String},failure:{type:String},typed:{state:!0},passage:{state:!0}};static styles=[j,o`
      .form {
        display: grid;
        gap: 16px;
      }
      .form > .row {
        justify-content: flex-end;
      }
      .paper,
      .form > li {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        padding: 12px 16px;
      }
      .beside {
        margin-block: 8px;
      }
      /* Nothing that somebody typed, of which lines are kept. */
      .beside dd {
        white-space: normal;
      }
    `];fields=dr();constructor(){super(),this.item=``,this.running=``,this.failure=``,this.typed={},this.passage=jr}willUpdate(e){e.has(`act`)&&this.begin()}draftName(){return`case/${this.shown.case}/${this.act}`}begin(){let e=xr(this.draftName());this.passage={...jr,...this.act===`add_clip`?e:{}},this.typed=this.act===`hand_over`?{...this.recipient(),...e}:e}recipient(){let{request:e,only_by_hand:t}=this.shown,n=t?zr(this.shown)[0]?.by_hand:null;return{recipient:e.requester??``,medium:n?.medium??``,medium_serial:n?.medium_serial??``}}setField(e,t){this.typed={...this.typed,[e]:t},Sr(this.draftName(),this.typed)}setPassage(e){this.passage=e,Sr(this.draftName(),Pr(e)?{...e}:{})}text(e){return this.typed[e]?.trim()??``}submit(e){e.preventDefault();let t=this.fields.value?.reportValidity()!==!1;if(!W(e.target)||!t)return;let n={act:this.act,carryOut:()=>this.carryOut()};this.dispatchEvent(new CustomEvent(`submitted`,{detail:n}))}async carryOut(){let e=this.draftName(),t=await this.send();return Tr(e),t}async send(){let{api:e}=this.context,{case:t}=this.shown;switch(this.act){case`release`:return e.release(t,this.typed.encrypt===`yes`);case`add_clip`:{let n=Ir(this.passage);n&&await e.exportClip(t,n);break}case`register_footage`:await e.registerFootage(t,wt(this.typed),Tt(this.typed));break;case`approve`:await e.approve(t,this.text(`note`),this.toApprove().map(er));break;case`reject`:await e.reject(t,this.text(`reason`));break;case`hand_over`:await e.handOver(t,this.text(`recipient`),this.text(`medium`),this.text(`medium_serial`));break;case`conclude`:await e.conclude(t,this.text(`outcome`),this.text(`reasons`));break;case`keep_open`:await e.keepOpen(t);break;case`purge`:await e.purge(t)}}dismiss(){this.dispatchEvent(new CustomEvent(`dismissed`))}field(e,t){return{name:e,label:P(this.context.t,`fields.${e}`,e),required:t,value:this.typed[e]??``,setValue:t=>{this.setField(e,t)}}}textField(e,t=``){return U(this.context.t,{...this.field(e,!0),help:t})}textArea(e,t){return ft(this.context.t,this.field(e,t))}questions(){let{t:e}=this.context;switch(this.act){case`add_clip`:return this.passageQuestions();case`register_footage`:return this.byHandQuestions();case`approve`:return C`${gr(this.context,this.shown)}
          ${this.toApprove().map(e=>this.itemToApprove(e))} ${br(this.context,this.watchable())}
          ${this.textArea(`note`,!1)}`;case`reject`:return this.textArea(`reason`,!0);case`release`:return C`<fieldset class="form">
          <legend>${e(`release.form`)}</legend>
          ${this.encryptChoice(`no`)} ${this.encryptChoice(`yes`)}
        </fieldset>`;case`hand_over`:return C`${this.textField(`recipient`)} ${this.textField(`medium`,e(`help.medium`))}
        ${this.textField(`medium_serial`,e(`help.medium_serial`))}`;case`conclude`:return C`${this.outcomeChoices()} ${this.textArea(`reasons`,!0)}`;case`keep_open`:case`purge`:return T}}passageQuestions(){return C`<niiza-cctv-passage
      ${mr(this.fields)}
      .context=${this.context}
      .typed=${this.passage}
      .caseId=${this.shown.case}
      .required=${!0}
      @typed=${e=>{this.setPassage(e.detail)}}
    ></niiza-cctv-passage>`}byHandQuestions(){return C`<niiza-cctv-by-hand
      ${mr(this.fields)}
      .context=${this.context}
      .typed=${this.typed}
      @typed=${e=>{this.setField(...e.detail)}}
    ></niiza-cctv-by-hand>`}toApprove(){let e=$n(this.shown);return(this.item?e.filter(e=>e.item===this.item):e).slice(0,1)}watchable(){let e=this.toApprove().map(e=>e.item);return zr(this.shown).flatMap(t=>[...e.includes(t.clip)?[t]:[],...t.cuts.filter(t=>e.includes(t.cut))])}itemToApprove(e){let{t}=this.context,{passages:n}=this.shown,r=n.find(t=>t.clip===e.item),i=r??n.find(({cuts:t})=>t.some(({cut:t})=>t===e.item)),a=i?.cuts.find(t=>t.cut===e.item),o=r?.by_hand;return C`<div>
      <h3>${tr(this.context,e)}</h3>
      ${o?C`<p class="small">${t(`by_hand.not_here`)}</p>`:T}
      ${r?_r(this.context,r):T}
      ${nr(this.context,e,!(!o||o.sha256),!r)}
      ${a&&i?vr(this.context,a,i):T}
      ${i?Hn(this.context,i):T}
    </div>`}encryptChoice(e){return C`<label class="choice"
      ><input
        type="radio"
        name="encrypt"
        .checked=${(this.typed.encrypt??`no`)===e}
        @change=${()=>{this.setField(`encrypt`,e)}}
      />${this.context.t(e===`yes`?`release.encrypted`:`release.plain`)}</label
    >`}outcomeChoices(){let{t:e}=this.context;return C`<fieldset>
      <legend>${e(`fields.outcome`)} ${ut(e)}</legend>
      <div class="choices">
        ${this.shown.outcomes.map(t=>C`<label class="choice"
              ><input
                type="radio"
                name="outcome"
                required
                .checked=${this.typed.outcome===t}
                @change=${()=>{this.setField(`outcome`,t)}}
              />${e(`outcomes.${t}`)}</label
            >`)}
      </div>
    </fieldset>`}buttons(){let{t:e}=this.context,{act:t,running:n}=this,r=t===`release`?`release.making`:`common.working`,{packing:i}=this.shown;return C`${t===`release`&&n===t&&i?kt(this.context,i,!0):T}
      <div class="row">
      <button type="button" class="flat" ?disabled=${!!n} @click=${this.dismiss}>${e(`common.back`)}</button>
      <button type="submit" class=${Jt.has(t)?`danger`:`main`} ?disabled=${!!n}>
        <ha-icon icon=${qt[t]}></ha-icon>
        ${e(n===t?r:`do.${t}`)}
      </button>
    </div>`}render(){let{t:e}=this.context,t=e(`do.${this.act}`),n=C`<form class="form" novalidate @submit=${this.submit}>
      <p>${e(`ask.${this.act}`)}</p>
      ${this.questions()} ${this.errorAlert(this.failure)} ${this.buttons()}
    </form>`;return Rr.has(this.act)?C`<ha-card><h2>${t}</h2>${n}</ha-card>`:C`<niiza-cctv-dialog .heading=${t} @dismissed=${this.dismiss}>${n}</niiza-cctv-dialog>`}},Vr=class extends L{static properties={...L.properties,cases:{state:!0},everything:{state:!0},words:{state:!0}};static styles=[j,o`
      .list {
        display: grid;
        gap: 10px;
      }
      .list a {
        background: var(--ha-card-background, var(--card-background-color));
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        color: inherit;
        display: grid;
        gap: 6px 20px;
        grid-template-columns: 8.5rem minmax(0, 1fr) auto;
        padding: 14px 20px;
        text-decoration: none;
      }
      .list a:hover {
        border-color: var(--primary-color);
      }
      .number {
        font-size: 1.15rem;
        font-weight: 500;
      }
      .chips {
        align-items: flex-end;
        display: flex;
        flex-direction: column;
        gap: 6px;
      }
      .tools {
        align-items: end;
      }
      .tools .field {
        flex: 1 1 240px;
      }
      .filter {
        display: flex;
        gap: 8px;
      }
      @media (max-width: 700px) {
        .list a {
          grid-template-columns: 1fr;
        }
        .chips {
          align-items: center;
          flex-direction: row;
          flex-wrap: wrap;
        }
      }
    `];constructor(){super(),this.everything=!1,this.words=``}async read(){this.cases=await this.context.api.listCases()}shown(){let e=this.words.trim().toLowerCase();return(this.cases??[]).filter(t=>(this.everything||Nt.has(t.state))&&[t.case,t.document_number,t.organisation].some(t=>t.toLowerCase().includes(e)))}filter(e,t){return C`<label class="choice"
      ><input
        type="radio"
        name="filter"
        .checked=${this.everything===e}
        @change=${()=>{this.everything=e}}
      />${t}</label
    >`}chips(e){let{t}=this.context,n=Nt.has(e.state);return C`<span class="chips">
      <span class="chip ${n?``:`done`}"
        ><ha-icon icon=${Kt[e.state]}></ha-icon>${t(`states.${e.state}`)}</span
      >
      ${Wt(e)?C`<span class="chip turn"
            ><ha-icon icon="mdi:account-arrow-left"></ha-icon>${t(`cases.your_turn`)}</span
          >`:T}
      ${e.questions?C`<span class="chip risk"><ha-icon icon="mdi:folder-clock"></ha-icon>${t(`cases.silent`)}</span>`:T}
      ${Vt(e)?C`<span class="chip risk"
            ><ha-icon icon="mdi:alert-circle"></ha-icon>${t(`cases.failed`,{failed:e.failed})}</span
          >`:T}
      ${n?Yt(t,e.overwritten_at):T}
    </span>`}row(e){let{t,clock:n,info:r}=this.context;return C`<li>
      <a href="${F}/case/${e.case}">
        <span>
          <span class="number">${e.case}</span><br />
          <span class="soft small">${n.date(e.created_at)}</span>
        </span>
        <span>
          <strong>${t(`kinds.${e.kind}`)}</strong><br />
          ${[e.organisation,e.document_number].filter(Boolean).join(`　`)}<br />
          <span class="soft small"
            >${t(`cases.line`,{person:e.created_by.name,sealed:e.sealed,clips:e.clips})}
            ${e.percent===null?T:C`・${t(`cases.percent`,{percent:Math.floor(e.percent)})}`}</span
          >
        </span>
        ${this.chips(e)}
        <span class="soft small" style="grid-column: 1 / -1">${t(Ht(e,r))}</span>
      </a>
    </li>`}tools(){let{t:e}=this.context;return C`<div class="row tools">
      <fieldset class="filter">
        <legend>${e(`cases.filter`)}</legend>
        ${this.filter(!1,e(`cases.open`))} ${this.filter(!0,e(`cases.all`))}
      </fieldset>
      <div class="field">
        <label for="words">${e(`cases.search`)}</label>
        <input
          id="words"
          type="search"
          autocomplete="off"
          .value=${this.words}
          @input=${e=>{this.words=e.target.value}}
        />
      </div>
    </div>`}render(){let{t:e,info:t}=this.context,n=this.shown(),r=t.roles.includes(`exporter`);return C`<div class="page">
      <div class="row spread">
        <h1 tabindex="-1">${e(`cases.heading`)}</h1>
        ${r?C`<a class="button main" href="${F}/new"
              ><ha-icon icon="mdi:folder-plus"></ha-icon>${e(`nav.new`)}</a
            >`:T}
      </div>
      ${this.tools()} ${this.errorAlert(this.unread)}
      <div role="status" class="soft">
        ${this.cases?e(`cases.count`,{count:n.length}):e(`common.loading`)}
      </div>
      <ul class="list" aria-label=${e(`cases.heading`)}>
        ${n.map(e=>this.row(e))}
      </ul>
      ${this.cases&&!this.cases.length?C`<ha-card><p>${e(r?`cases.none`:`cases.none_to_decide`)}</p></ha-card>`:T}
    </div>`}},Hr=6e5,Ur=class extends L{static properties={...L.properties,checkId:{type:String},check:{state:!0},may:{state:!0},history:{state:!0},missing:{state:!0},said:{state:!0}};static styles=[j,o`
      .page {
        max-width: 760px;
      }
      .history {
        display: grid;
      }
      .history li {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 6px;
        padding-block: 14px;
      }
      .history li:first-child {
        border: 0;
      }
      .history p {
        margin: 0;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .history .failed {
        color: var(--niiza-error-letters);
      }
      .history img {
        background: var(--divider-color);
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 420px;
        object-fit: contain;
      }
    `];historyOf=``;historyAt=0;constructor(){super(),this.checkId=``,this.may=!1,this.history=[],this.missing=!1,this.said=``}willUpdate(e){e.has(`checkId`)&&(this.check=void 0,this.history=[],this.historyOf=``,this.said=``,this.refresh()),super.willUpdate(e)}async read(){let e=this.checkId,{api:t}=this.context,{checks:n,may:r}=await t.checks(),i=n.find(t=>t.id===e);if(e!==this.checkId)return;this.check=i,this.missing=!i,this.may=r[e]??!1;let a=i?.last?.at??``;if(a===this.historyOf&&Date.now()-this.historyAt<Hr)return;let o=a?await t.checkHistory(e):[];e===this.checkId&&(this.history=o,this.historyOf=a,this.historyAt=Date.now())}async recorded(e,t){let{t:n}=this.context;this.said=n(`checks.recorded`,{object:e.object.name,name:e.name,result:Y(n,e.kind,t)}),await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#said`)?.focus()}record(e,t){let{t:n,clock:r}=this.context;return C`<li>
      <div class="row spread">
        <strong class="with-icon ${t.result}"
          ><ha-icon icon=${nn[t.result]}></ha-icon>${Y(n,e.kind,t.result)}</strong
        >
        <span>${t.person.name}</span>
      </div>
      <time class="soft small" datetime=${t.at}>${r.at(t.at)}</time>
      ${fn(this.context,t)}
      ${t.photo?C`<img
            src=${t.photo}
            loading="lazy"
            alt=${n(`photo.of`,{at:r.at(t.at),person:t.person.name})}
          />`:T}
    </li>`}page(e){let{t}=this.context;return C`<ha-card>
        <p>${ln(this.context,e)}</p>
        <p>${dn(this.context,e)}</p>
        ${this.may?C`<niiza-cctv-check-form
              .context=${this.context}
              .check=${e}
              @recorded=${t=>void this.recorded(e,t.detail)}
            ></niiza-cctv-check-form>`:C`<p class="soft">${t(`checks.not_yours`)}</p>`}
      </ha-card>
      <ha-card>
        <h2>${t(`checks.history`)}</h2>
        ${this.history.length?C`<ol class="history">
              ${this.history.map(t=>this.record(e,t))}
            </ol>`:C`<p class="soft">${t(`checks.never`)}</p>`}
      </ha-card>`}render(){let{t:e}=this.context,{check:t}=this;return C`<div class="page">
      <p><a class="with-icon" href="${F}/checks"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`checks.back`)}</a></p>
      <div>
        <h1 tabindex="-1">${t?.name??e(`checks.heading`)}</h1>
        ${t?C`<p class="with-icon"><ha-icon icon=${tn[t.object.kind]}></ha-icon>${t.object.name}</p>`:T}
      </div>
      ${this.errorAlert(this.unread)}
      ${this.said?C`<ha-alert id="said" tabindex="-1" role="status" alert-type="success">${this.said}</ha-alert>`:T}
      ${t?this.page(t):this.missing?C`<ha-alert alert-type="info">${e(`checks.missing`)}</ha-alert>`:this.unread?T:C`<p role="status">${e(`common.loading`)}</p>`}
    </div>`}},Wr=1600,Gr=.85,Kr=2e7,qr=6e4;function Jr(e,t){let n=Math.min(1,Wr/Math.max(e,t));return[Math.max(1,Math.round(e*n)),Math.max(1,Math.round(t*n))]}async function Yr(e){if(!e.type.startsWith(`image/`))throw new M(`photo.no_picture`);try{let t=await createImageBitmap(e,{imageOrientation:`from-image`}),[n,r]=Jr(t.width,t.height),i=Object.assign(document.createElement(`canvas`),{width:n,height:r});i.getContext(`2d`)?.drawImage(t,0,0,n,r),t.close();let a=await new Promise(e=>{i.toBlob(e,`image/jpeg`,Gr)});if(a)return a}catch{}if(e.size>Kr)throw new M(`photo.too_large`);return e}async function Xr(e,t,n){e.auth.expired&&await e.auth.refreshAccessToken().catch(()=>{throw new M(`photo.offline`)});let r=new FormData;return r.append(`file`,t,t.type===`image/jpeg`?`photo.jpg`:`photo`),new Promise((t,i)=>{let a=new XMLHttpRequest,o,s=()=>{clearTimeout(o),o=setTimeout(()=>{a.abort()},qr)},c=()=>{clearTimeout(o),i(new M(`photo.offline`))};a.open(`POST`,`/api/file_upload`),a.setRequestHeader(`Authorization`,`Bearer ${e.auth.accessToken}`),a.upload.addEventListener(`progress`,({loaded:e,total:t})=>{s(),n(t?Math.round(e/t*100):0)}),a.addEventListener(`error`,c),a.addEventListener(`abort`,c),a.addEventListener(`load`,()=>{clearTimeout(o);let e=Zr(a.responseText);a.status===200&&e?t(e):i(new M(a.status===413?`photo.too_large`:`photo.refused`,{status:a.status}))}),s(),a.send(r)})}function Zr(e){try{let{file_id:t}=JSON.parse(e);return typeof t==`string`?t:``}catch{return``}}async function Qr(e,t){await e.fetchWithAuth(`/api/file_upload`,{method:`DELETE`,headers:{"Content-Type":`application/json`},body:JSON.stringify({file_id:t})}).catch(()=>void 0)}var $r=class extends I{static properties={...I.properties,check:{attribute:!1},typed:{state:!0},taken:{state:!0},percent:{state:!0}};static styles=[j,o`
      .look-at {
        background: color-mix(in srgb, var(--primary-color) 8%, transparent);
        border-radius: 12px;
        display: flex;
        gap: 16px;
        padding: 12px 16px;
      }
      .look-at ha-icon {
        --mdc-icon-size: 48px;
      }
      .look-at ol {
        list-style: decimal;
        padding-inline-start: 1.4em;
      }
      form {
        display: grid;
        gap: 16px;
      }
      .results {
        display: grid;
        gap: 8px;
        grid-template-columns: 1fr 1fr;
      }
      legend {
        /* Heard, not seen: there may be twenty of them below each other. */
        block-size: 1px;
        clip-path: inset(50%);
        inline-size: 1px;
        margin: 0;
        overflow: hidden;
        position: absolute;
        white-space: nowrap;
      }
      .results .choice {
        gap: 7px;
        min-block-size: 60px;
        padding-inline: 9px;
      }
      .results .choice.failed:has(:checked) {
        border-color: var(--error-color);
        box-shadow: inset 0 0 0 1px var(--error-color);
      }
      .camera {
        inline-size: 100%;
        position: relative;
      }
      .camera:focus-within {
        outline: 3px solid var(--niiza-primary-letters);
        outline-offset: 2px;
      }
      /* There for keyboards and screen readers; what is seen is its label. */
      .camera input:not([type="radio"], [type="checkbox"]) {
        block-size: 100%;
        cursor: pointer;
        inset: 0;
        min-block-size: 0;
        opacity: 0;
        padding: 0;
        position: absolute;
      }
      figure {
        display: grid;
        gap: 8px;
        margin: 0;
      }
      figure img {
        background: var(--divider-color);
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 320px;
        object-fit: contain;
      }
      button[type="submit"] {
        inline-size: 100%;
        min-block-size: 56px;
      }
      button.failed,
      button.failed:hover:not(:disabled) {
        background: var(--niiza-error-surface);
        border-color: var(--niiza-error-surface);
        color: #fff;
      }
    `];shownAs=``;checkId=``;constructor(){super(),this.typed={},this.percent=0}disconnectedCallback(){super.disconnectedCallback(),this.unshow()}willUpdate(e){e.has(`check`)&&this.check.id!==this.checkId&&(this.checkId=this.check.id,this.typed=xr(this.draftName()),this.taken=Cr(this.draftName()))}draftName(){return`check/${this.checkId}`}unshow(){this.shownAs&&URL.revokeObjectURL(this.shownAs),this.shownAs=``}setField(e,t){this.typed={...this.typed,[e]:t},Sr(this.draftName(),this.typed)}setPhoto(e){this.unshow(),this.taken=e,wr(this.draftName(),e)}async choosePhoto(e){let t=e.target,n=t.files?.[0];t.value=``,n&&await this.attempt(`photo`,async()=>{this.setPhoto(await Yr(n))})}discard(){Tr(this.draftName()),this.typed={},this.setPhoto(void 0),this.error=``}async submit(e){if(e.preventDefault(),!W(e.target))return;let{check:t,taken:n,typed:r}=this,{api:i,hass:a}=this.context,o=r.result,s=Object.fromEntries([`note`,...t.fields].map(e=>[e,r[e]?.trim()]));this.percent=0,await this.attempt(`send`,async()=>{let e=n&&await Xr(a,n,e=>this.percent=e);try{await i.recordCheck(t.id,o,s,e)}catch(t){throw e&&await Qr(a,e),t}})?(this.discard(),this.dispatchEvent(new CustomEvent(`recorded`,{detail:o}))):this.renderRoot.querySelector(`ha-alert`)?.scrollIntoView({block:`nearest`})}choice(e){let{t}=this.context;return C`<label class="choice ${e}"
      ><input
        type="radio"
        name="result"
        .checked=${this.typed.result===e}
        ?disabled=${this.busy===`send`}
        @change=${()=>{this.setField(`result`,e)}}
      /><ha-icon icon=${nn[e]}></ha-icon>${Y(t,this.check.kind,e)}</label
    >`}photo(){let{t:e}=this.context,{taken:t}=this;return t&&!this.shownAs&&(this.shownAs=URL.createObjectURL(t)),C`<figure>
      ${t?C`<img src=${this.shownAs} alt=${e(`photo.taken`,{size:Math.ceil(t.size/1e3)})} />`:T}
      ${this.cameraButton()} ${t?this.removeButton():T}
      <span class="soft small" id="photo-help">${e(this.check.photo?`photo.wanted`:`photo.optional`)}</span>
    </figure>`}cameraButton(){let{t:e}=this.context,t=e(this.busy===`photo`?`common.working`:this.taken?`photo.again`:`photo.take`);return C`<div class="button camera">
      <ha-icon icon="mdi:camera"></ha-icon>${t}
      <input
        type="file"
        accept="image/*"
        capture="environment"
        aria-label=${t}
        aria-describedby="photo-help"
        ?disabled=${!!this.busy}
        @change=${this.choosePhoto}
      />
    </div>`}removeButton(){return C`<button
      type="button"
      class="flat"
      ?disabled=${!!this.busy}
      @click=${()=>{this.setPhoto(void 0)}}
    >
      <ha-icon icon="mdi:image-remove"></ha-icon>${this.context.t(`photo.remove`)}
    </button>`}field(e){return{name:e,label:P(this.context.t,`fields.${e}`,e),disabled:this.busy===`send`,value:this.typed[e]??``,setValue:t=>{this.setField(e,t)}}}textField(e){let{t}=this.context;return U(t,{...this.field(e),help:P(t,`help.${e}`,``)})}note(e){let{t}=this.context;return ft(t,{...this.field(`note`),required:e,help:e?t(`checks.note_help`):``})}progress(){let{t:e}=this.context,{percent:t}=this;return this.busy!==`send`||!this.taken?T:C`<div>
      <progress max="100" .value=${t} aria-label=${e(`photo.sending`)}>${t}%</progress>
      <p class="small" role="status">${e(`photo.sent`,{percent:t})}</p>
    </div>`}sendWords(e){return this.busy===`send`?`common.working`:this.error&&!this.refused?`checks.send_again`:e?`checks.send_failed`:`checks.send_passed`}rest(e){let{t}=this.context,n=e===`failed`;return C`
      ${this.photo()} ${this.check.fields.map(e=>this.textField(e))} ${this.note(n)}
      ${this.progress()} ${this.errorAlert()}
      <div>
        <button type="submit" class=${n?`failed`:`main`} ?disabled=${!!this.busy}>
          <ha-icon icon=${nn[e]}></ha-icon>${t(this.sendWords(n))}
        </button>
        <button type="button" class="flat" ?disabled=${!!this.busy} @click=${this.discard}>
          ${t(`common.back`)}
        </button>
      </div>
    `}render(){let{t:e}=this.context,t=this.typed.result;return C`<form novalidate @submit=${this.submit}>
      ${cn(this.context,this.check)}
      <fieldset>
        <legend>${e(`checks.result`,{name:this.check.name,object:this.check.object.name})}</legend>
        <div class="results">${this.choice(`passed`)} ${this.choice(`failed`)}</div>
      </fieldset>
      ${t?this.rest(t):T}
    </form>`}},ei=class extends L{static properties={...L.properties,known:{state:!0},said:{state:!0},opened:{state:!0}};static styles=[j,o`
      .page {
        max-width: 760px;
      }
      section {
        display: grid;
        gap: 12px;
      }
      section > h2 {
        margin-block: 8px 0;
      }
      ha-card h3 {
        font-size: 1.15rem;
      }
      li {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 10px;
        padding-block: 14px;
      }
      ha-card h3 + ul {
        margin-block-start: 12px;
      }
      li:last-child {
        padding-block-end: 0;
      }
      .look {
        align-items: center;
        color: inherit;
        display: flex;
        gap: 8px;
        justify-content: space-between;
        min-block-size: 48px;
        text-decoration: none;
      }
      .look strong {
        font-weight: 500;
        text-decoration: underline;
        text-decoration-color: var(--divider-color);
        text-underline-offset: 4px;
      }
      .chip {
        flex: none;
      }
    `];constructor(){super(),this.said=``}async read(){this.known=await this.context.api.checks()}async recorded(e,t){let{t:n}=this.context;this.said=n(`checks.recorded`,{object:e.object.name,name:e.name,result:Y(n,e.kind,t)}),this.opened=void 0,await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#said`)?.focus()}row(e){return C`<li>
      <div>
        <a class="look" href="${F}/check/${encodeURIComponent(e.id)}"
          ><strong>${e.name}</strong>${ln(this.context,e)}</a
        >
        ${dn(this.context,e)}
      </div>
    </li>`}dueRow(e,t){let{t:n}=this.context,{object:r}=e;return C`<li>
      <div>
        <a class="look" href="${F}/check/${encodeURIComponent(e.id)}"
          ><span
            ><span class="with-icon"><ha-icon icon=${tn[r.kind]}></ha-icon>${r.name}</span>
            <strong>${e.name}</strong></span
          >${ln(this.context,e)}</a
        >
        ${dn(this.context,e)}
      </div>
      ${this.known?.may[e.id]?C`<div>
              <button
                aria-expanded=${t}
                @click=${()=>{this.opened=t?null:e.id}}
              >
                <ha-icon icon=${t?`mdi:chevron-up`:`mdi:chevron-down`}></ha-icon>
                ${n(t?`checks.close`:`checks.look`)}
              </button>
            </div>
            ${t?this.form(e):T}`:T}
    </li>`}worklist(e){let{t}=this.context;if(!e.length)return T;let n=this.opened===void 0?e.find(e=>this.known?.may[e.id])?.id:this.opened;return C`<section aria-label=${t(`checks.due`)}>
      <h2>${t(`checks.due`)}</h2>
      <ha-card>
        <ul>
          ${Ar(e,e=>e.id,e=>this.dueRow(e,e.id===n))}
        </ul>
      </ha-card>
    </section>`}form(e){return C`<niiza-cctv-check-form
      .context=${this.context}
      .check=${e}
      @recorded=${t=>void this.recorded(e,t.detail)}
    ></niiza-cctv-check-form>`}group(e,t){return t.length?C`<section aria-label=${e}>
      <h2>${e}</h2>
      ${on(t).map(({object:e,checks:t})=>C`<ha-card>
            <h3 class="with-icon"><ha-icon icon=${tn[e.kind]}></ha-icon>${e.name}</h3>
            <ul>
              ${Ar(t,e=>e.id,e=>this.row(e))}
            </ul>
          </ha-card>`)}
    </section>`:T}render(){let{t:e}=this.context,t=this.known?.checks??[],n=t.filter(e=>e.due);return C`<div class="page">
      <h1 tabindex="-1">${e(`checks.heading`)}</h1>
      ${this.errorAlert(this.unread)}
      <p role="status" class=${n.length?``:`soft`}>
        ${this.known?n.length?e(`checks.count`,{count:n.length}):e(`checks.all_done`):e(`common.loading`)}
      </p>
      ${this.said?C`<ha-alert id="said" tabindex="-1" role="status" alert-type="success">${this.said}</ha-alert>`:T}
      ${this.worklist(sn(n))}
      ${this.group(e(`checks.later`),t.filter(e=>!e.due))}
    </div>`}},ti=class extends I{static properties={...I.properties,marked:{attribute:!1},running:{type:String},failure:{type:String},typed:{state:!0},anew:{state:!0}};static styles=[j,o`
      form {
        display: grid;
        gap: 16px;
      }
      .row {
        justify-content: flex-end;
      }
    `];constructor(){super(),this.running=``,this.failure=``,this.typed={},this.anew=!1}moment(e){let t=this.typed[e];return t===void 0?this.marked[e]:G(t)}shown(e){return this.typed[e]??this.context.clock.field(this.marked[e])}submit(e){e.preventDefault();let{t,api:n}=this.context,r=G(this.shown(`start`))>G(this.shown(`end`));if(!W(this.renderRoot,r?{"#end":t(`cut.end_first`)}:{}))return;let[i,a]=[this.moment(`start`),this.moment(`end`)];this.dispatchEvent(new CustomEvent(`submitted`,{detail:{name:`cut_clip`,run:()=>n.cutClip(this.marked.clip,i,a,this.anew)}}))}dismiss(){this.dispatchEvent(new CustomEvent(`dismissed`))}field(e){return U(this.context.t,{name:e,label:this.context.t(`cut.${e}`),type:`datetime-local`,required:!0,value:this.shown(e),setValue:t=>{this.typed={...this.typed,[e]:t},pt(this.renderRoot)}})}render(){let{t:e}=this.context;return C`<niiza-cctv-dialog .heading=${e(`cut.heading`,{clip:this.marked.clip})} @dismissed=${this.dismiss}>
      <form novalidate @submit=${this.submit}>
        <p>${e(`cut.help`)}</p>
        ${this.field(`start`)} ${this.field(`end`)}
        <label class="choice"
          ><input
            type="checkbox"
            .checked=${this.anew}
            @change=${e=>{this.anew=e.target.checked}}
          />${e(`cut.anew`)}</label
        >
        ${this.errorAlert(this.failure)}
        <div class="row">
          <button type="button" class="flat" ?disabled=${!!this.running} @click=${this.dismiss}>
            ${e(`common.back`)}
          </button>
          <button type="submit" class="main" ?disabled=${!!this.running}>
            <ha-icon icon="mdi:content-cut"></ha-icon>${e(this.running===`cut_clip`?`common.working`:`cut.cut`)}
          </button>
        </div>
      </form>
    </niiza-cctv-dialog>`}},ni=class extends k{static properties={heading:{type:String}};static styles=[j,o`
      dialog {
        background: var(--card-background-color);
        border: 1px solid var(--divider-color);
        border-radius: 16px;
        color: inherit;
        inline-size: min(600px, calc(100vw - 32px));
        max-block-size: calc(100dvh - 48px);
        overflow: auto;
        padding: 24px;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 55%);
      }
    `];firstUpdated(){this.renderRoot.querySelector(`dialog`)?.showModal()}closed(){this.dispatchEvent(new CustomEvent(`dismissed`))}render(){return C`<dialog aria-labelledby="heading" @close=${this.closed}>
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
    </dialog>`}},ri=class extends L{static properties={...L.properties,verified:{state:!0},verifiedAt:{state:!0},link:{state:!0},entries:{state:!0},folders:{state:!0}};static styles=[j,o`
      .entries {
        list-style: none;
        margin: 0 0 16px;
        padding: 0;
      }
      .entries li {
        padding: 8px 0;
        border-bottom: 1px solid var(--divider-color);
      }
      .entries .row {
        gap: 0 12px;
      }
      .entries li.refused strong {
        color: var(--niiza-error-letters);
      }
    `];constructor(){super(),this.entries=[],this.folders=[]}async read(){let{entries:e,folders:t}=await this.context.api.ledgerPage(),n=e.at(-1)?.number??0;this.folders=t,this.entries=[...e,...this.entries.filter(e=>e.number<n)]}async older(){await this.attempt(`older`,async()=>{let e=this.entries.at(-1)?.number;e!==void 0&&(this.entries=[...this.entries,...(await this.context.api.ledgerPage(e)).entries])})}entry(e){let{t,clock:n}=this.context,r=e.details.passage;return C`<li class=${e.action===`refused`?`refused`:``}>
      <div class="row">
        <strong class="with-icon"
          >${e.action===`refused`?C`<ha-icon icon="mdi:cancel"></ha-icon>`:T}${P(t,`history.${e.action}`,e.action)}</strong
        >
        <span>${e.person?.name??t(`history.nobody`)}</span>
        ${e.case?C`<a href="${F}/case/${e.case}">${e.case}</a>`:C`<span>${e.camera??``}</span>`}
      </div>
      <div class="soft small">${e.number} · <time datetime=${e.at}>${n.at(e.at)}</time></div>
      ${r?C`<div class="small">${q(t,n,r)}</div>`:T}
      ${wn(this.context,e,{case:e.case??``,camera:()=>e.camera??void 0}).map(e=>C`<div class="small">${e}</div>`)}
    </li>`}async verify(){this.verified=void 0,await this.attempt(`verify`,async()=>{this.verified=await this.context.api.verifyLedger(),this.verifiedAt=/* @__PURE__ */ new Date})}async export(e){this.link=void 0,await this.attempt(e,async()=>{this.link=await this.context.api.exportLedger(e)})}print(){let{t:e,clock:t,info:n}=this.context;qe(e(`ledger.anchor_heading`),[[e(`ledger.number`),String(n.ledger.number)],[e(`ledger.hash`),n.ledger.hash],[e(`ledger.printed_at`),t.at(/* @__PURE__ */ new Date)],[e(`ledger.printed_by`),n.user.name],[e(`ledger.keep`),e(`ledger.anchor_help`)]])}verdict(){let{t:e,clock:t}=this.context;if(!this.verified||!this.verifiedAt)return T;let{broken:n,entries:r,reason:i}=this.verified,a=t.at(this.verifiedAt);return n===null?C`<ha-alert alert-type="success">${e(`ledger.whole`,{entries:r,at:a})}</ha-alert>`:C`<ha-alert alert-type="error">${e(`ledger.broken`,{number:n,reason:i,at:a})}</ha-alert>`}head(){let{t:e,info:t}=this.context,{number:n,hash:r}=t.ledger;return C`<ha-card>
      <h2>${e(`ledger.head`)}</h2>
      <p>${e(`ledger.head_help`)}</p>
      <dl>
        <dt>${e(`ledger.number`)}</dt>
        <dd>${n}</dd>
        <dt>${e(`ledger.hash`)}</dt>
        <dd class="mono">${r}</dd>
      </dl>
      <p></p>
      <div class="row">
        <button ?disabled=${!n} @click=${this.print}><ha-icon icon="mdi:printer"></ha-icon>${e(`ledger.print`)}</button>
      </div>
    </ha-card>`}verification(){let{t:e,info:t}=this.context;return C`<ha-card>
      <h2>${e(`ledger.verify_heading`)}</h2>
      <p>${e(`ledger.verify_help`)}</p>
      <div class="row">
        <button class="main" ?disabled=${!!this.busy||!t.ledger.available} @click=${this.verify}>
          <ha-icon icon="mdi:link-variant"></ha-icon>
          ${e(this.busy===`verify`?`ledger.verifying`:`ledger.verify`)}
        </button>
      </div>
      <div role="status">${this.verdict()}</div>
    </ha-card>`}exports(){let{t:e,info:t}=this.context,n=t.roles.some(e=>e!==`viewer`),r=!!this.busy||!t.ledger.available||!n;return C`<ha-card>
      <h2>${e(`ledger.export_heading`)}</h2>
      <p>${e(`ledger.export_help`)}</p>
      <div class="row">
        ${[`csv`,`jsonl`].map(t=>C`<button
              ?disabled=${r}
              aria-describedby=${n?T:`export-why`}
              @click=${()=>void this.export(t)}
            >
              <ha-icon icon="mdi:file-export"></ha-icon>${e(t===`csv`?`ledger.csv`:`ledger.jsonl`)}
            </button>`)}
      </div>
      ${n?T:C`<p id="export-why" class="soft small">${e(`why.not_ledger`)}</p>`}
      <div role="status">${this.link?this.download(this.link):T}</div>
    </ha-card>`}download({link:e,file:t,expires:n}){let{t:r,clock:i}=this.context;return C`<p class="row">
      <a class="button main" href=${e} download @click=${this.forgetLink}
        ><ha-icon icon="mdi:download"></ha-icon>${r(`release.download`,{name:t.name})}</a
      >
      <span class="small">${r(`release.once`,{at:i.at(n)})} ${r(`release.anyone`)}</span>
    </p>`}forgetLink(){setTimeout(()=>{this.link=void 0})}strays(){let{t:e}=this.context;return this.folders.length?C`<ha-card>
      <h2>${e(`ledger.folders_heading`)}</h2>
      <p>${e(`ledger.folders_help`)}</p>
      <ul class="folders">
        ${this.folders.map(({folder:t,files:n,size:r})=>C`<li>${e(`ledger.folder`,{folder:t,files:n,size:(r/1e6).toFixed(1)})}</li>`)}
      </ul>
    </ha-card>`:T}newest(){let{t:e}=this.context;return C`<ha-card>
      <h2>${e(`ledger.entries_heading`)}</h2>
      ${this.errorAlert(this.unread)}
      <ol class="entries">
        ${this.entries.map(e=>this.entry(e))}
      </ol>
      ${(this.entries.at(-1)?.number??1)>1?C`<button ?disabled=${!!this.busy} @click=${()=>void this.older()}>${e(`ledger.older`)}</button>`:T}
    </ha-card>`}render(){return C`<div class="page">
      <h1 tabindex="-1">${this.context.t(`ledger.heading`)}</h1>
      ${this.head()} ${this.verification()} ${this.exports()} ${this.strays()} ${this.newest()} ${this.errorAlert()}
    </div>`}},ii=`new`,ai=/* @__PURE__ */ new Set([`purpose`,`note`]),oi=class extends I{static properties={...I.properties,typed:{state:!0},passage:{state:!0}};static styles=[j,o`
      .send {
        justify-content: flex-end;
      }
    `];passagePart=dr();constructor(){super();let{cameras:e,start:t,end:n,margin:r,...i}=xr(ii);this.typed=i,this.passage={cameras:e??``,start:t??``,end:n??``,margin:r??jr.margin}}firstUpdated(){this.shadowRoot?.querySelector(`h1`)?.focus({preventScroll:!0})}rule(){let{kinds:e}=this.context.info;return e.find(e=>e.kind===this.typed.kind)}save(){Sr(ii,{...this.typed,...Pr(this.passage)?{...this.passage}:{}})}setField(e,t){this.typed={...this.typed,[e]:t},this.save()}choose(e){let t=this.rule()?.legal_bases??[],n=this.typed.legal_basis??``,r=n&&!t.includes(n)?n:``,[i,...a]=e.legal_bases;this.typed={...this.typed,kind:e.kind,legal_basis:r||(i!==void 0&&!a.length?i:``)},this.save()}discard(){Tr(ii),this.typed={},this.passage=jr,this.error=``}async submit(e){e.preventDefault();let t=e.target,n=this.rule(),r=this.passagePart.value?.reportValidity()!==!1;if(!n||!W(t)||!r)return;let i=[...n.required,...n.optional],a=Object.fromEntries(i.map(e=>[e,this.typed[e]?.trim()??``]));await this.attempt(`send`,async()=>{let e=await this.context.api.createCase(n.kind,a,Ir(this.passage)??void 0);this.discard(),We(`case/${e.case}`)})}field(e,t){let{t:n,clock:r}=this.context,i={name:t,label:P(n,`fields.${t}`,t),required:e.required.includes(t),help:P(n,`help.${t}`,``),value:this.typed[t]??``,setValue:e=>{this.setField(t,e)}};return ai.has(t)?ft(n,{...i,className:`wide`}):t===`document_date`?U(n,{...i,type:`date`,max:r.field(/* @__PURE__ */ new Date).slice(0,10)}):U(n,{...i,suggestions:t===`legal_basis`?e.legal_bases:[]})}papers(e){return C`<ha-card>
      <h2>${this.context.t(`new.papers`)}</h2>
      <div class="fields">
        ${[...e.required,...e.optional].map(t=>this.field(e,t))}
      </div>
    </ha-card>`}footage(){let{t:e}=this.context;return C`<ha-card>
      <h2>${e(`new.footage`)}</h2>
      <p>${e(`new.footage_help`)}</p>
      <niiza-cctv-passage
        ${mr(this.passagePart)}
        .context=${this.context}
        .typed=${this.passage}
        @typed=${e=>{this.passage=e.detail,this.save()}}
      ></niiza-cctv-passage>
    </ha-card>`}buttons(){let{t:e}=this.context,t=Pr(this.passage)?`new.send_and_preserve`:`new.send`;return C`<div class="row send">
      <button type="button" class="flat" ?disabled=${!!this.busy} @click=${this.discard}>
        ${e(`new.discard`)}
      </button>
      <button type="submit" class="main" ?disabled=${!!this.busy}>
        <ha-icon icon="mdi:inbox-arrow-down"></ha-icon>
        ${e(this.busy?`new.sending`:t)}
      </button>
    </div>`}form(e){let{t}=this.context;return C`
      ${this.papers(e)} ${this.footage()}
      ${e.may_release_master?T:C`<ha-alert alert-type="info">${t(`new.no_master`)}</ha-alert>`}
      ${this.errorAlert()} ${this.buttons()}
    `}kinds(e){let{t,info:n}=this.context;return C`<ha-card>
      <fieldset>
        <legend><h2>${t(`new.kind`)}</h2></legend>
        <div class="choices">
          ${n.kinds.map(n=>C`<label class="choice"
                ><input
                  type="radio"
                  name="kind"
                  .checked=${n.kind===e?.kind}
                  @change=${()=>{this.choose(n)}}
                />${t(`kinds.${n.kind}`)}</label
              >`)}
        </div>
      </fieldset>
    </ha-card>`}render(){let{t:e,info:t}=this.context;if(!t.roles.includes(`exporter`))return C`<div class="page">
        <h1 tabindex="-1">${e(`new.heading`)}</h1>
        <ha-alert alert-type="info">${e(`why.not_exporter`)}</ha-alert>
      </div>`;let n=this.rule();return C`<form class="page" novalidate @submit=${this.submit}>
      <h1 tabindex="-1">${e(`new.heading`)}</h1>
      ${this.kinds(n)} ${n?this.form(n):T}
    </form>`}},si=24,ci=7,li=class extends k{static properties={text:{type:String},seconds:{type:Number}};static styles=o`
    :host {
      inset: 0;
      overflow: hidden;
      pointer-events: none;
      position: absolute;
      user-select: none;
      z-index: 1;
    }
    div {
      align-content: space-between;
      color: rgb(255 255 255 / 45%);
      display: grid;
      font: 500 clamp(11px, 1.6vmin, 20px) / 1.3 sans-serif;
      gap: 4% 2%;
      grid-template-columns: repeat(3, 1fr);
      inset: -8% -12%;
      position: absolute;
      text-align: center;
      /* Legible on snow as on asphalt. */
      text-shadow:
        0 0 2px rgb(0 0 0 / 80%),
        0 0 4px rgb(0 0 0 / 50%);
      transform-origin: center;
    }
    span {
      overflow-wrap: anywhere;
    }
  `;constructor(){super(),this.text=``,this.seconds=0}render(){let e=Math.floor(this.seconds/ci)%5;return C`<div
      aria-hidden="true"
      style="transform:rotate(-14deg) translate(${e*3-6}%, ${e*2%5*2-4}%)"
    >
      ${Array.from({length:si},()=>C`<span>${this.text}</span>`)}
    </div>`}},ui=1e3,di={cases:`mdi:folder-multiple`,checks:`mdi:clipboard-check`,settings:`mdi:cctv`,ledger:`mdi:book-lock`,people:`mdi:account-group`},fi={case:`cases`,new:`cases`,check:`checks`,checks:`checks`,settings:`settings`,acceptance:`settings`,ledger:`ledger`,people:`people`,cases:`cases`},pi=class e extends k{static properties={hass:{attribute:!1},narrow:{type:Boolean},route:{attribute:!1},context:{state:!0},failure:{state:!0},changes:{state:!0}};static styles=[j,o`
      :host {
        background: var(--primary-background-color);
        min-block-size: 100%;
      }
      header {
        align-items: center;
        background: var(--app-header-background-color, var(--primary-color));
        border-block-end: var(--app-header-border-bottom, none);
        color: var(--app-header-text-color, var(--text-primary-color));
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        inset-block-start: 0;
        min-block-size: var(--header-height, 56px);
        padding-inline: 8px 16px;
        position: sticky;
        z-index: 3;
      }
      header .title {
        font-size: 1.25rem;
        margin-inline-end: auto;
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      nav a {
        align-items: center;
        border-block-end: 3px solid transparent;
        color: inherit;
        display: inline-flex;
        gap: 8px;
        min-block-size: 48px;
        padding-inline: 12px;
        text-decoration: none;
      }
      nav a[aria-current] {
        border-block-end-color: currentColor;
        font-weight: 500;
      }
      @media (max-width: 700px) {
        header .title {
          font-size: 1.1rem;
        }
        nav {
          display: grid;
          flex: 1 0 100%;
          grid-auto-columns: 1fr;
          grid-auto-flow: column;
        }
        nav a {
          flex-direction: column;
          font-size: 0.8rem;
          gap: 0;
          justify-content: center;
          line-height: 1.3;
          min-block-size: 52px;
          padding-inline: 2px;
          text-align: center;
        }
      }
      header :focus-visible {
        outline-color: currentColor;
        outline-offset: -4px;
      }
      .notice {
        margin: 16px auto 0;
        max-width: 1100px;
        padding-inline: 16px;
      }
      .notice button {
        white-space: nowrap;
      }
    `];static bundle=``;language=``;client;unsubscribe;timer;lastRead=0;refused;constructor(){super(),this.narrow=!1,this.failure=``,this.changes=0}connectedCallback(){super.connectedCallback(),this.client&&this.begin()}disconnectedCallback(){super.disconnectedCallback(),this.stopListening()}stopListening(){clearTimeout(this.timer),this.timer=void 0,this.unsubscribe?.(),this.unsubscribe=void 0}shouldUpdate(e){if(e.size>1||!e.has(`hass`))return!0;let t=e.get(`hass`);return t?.language!==this.hass.language||t.connected!==this.hass.connected||t.panels!==this.hass.panels}willUpdate(e){if(!e.has(`hass`))return;let t=e.get(`hass`);!this.client||this.language!==this.hass.language?(this.language=this.hass.language,this.client??=new Be(this.hass.connection),this.begin()):t&&!t.connected&&this.hass.connected&&!this.refused&&this.readInfo()}async begin(){try{if(await He(this.hass),this.refused){this.failed(this.refused);return}if(await this.readInfo(),!this.isConnected||this.unsubscribe||this.isRefused())return;this.unsubscribe=await this.client?.changes(()=>{this.somethingChanged()}),this.endIfGone()}catch(e){this.failed(e)}}isRefused(){return this.refused!==void 0}endIfGone(){(!this.isConnected||this.refused)&&this.stopListening()}somethingChanged(){if(this.timer!==void 0)return;let e=Math.max(0,this.lastRead+ui-Date.now());this.timer=setTimeout(()=>{this.timer=void 0,this.readInfo()},e)}async readInfo(){if(this.client){this.lastRead=Date.now();try{let e=await this.client.info();this.context={hass:this.hass,t:N(this.hass),api:this.client,clock:new vt(this.hass.language,e.time_zone),info:e},this.failure=``,this.changes+=1}catch(e){this.failed(e)}}}failed(e){e instanceof Le&&e.refusesPerson&&(this.context=void 0,this.refused=e,this.stopListening());let t=N(this.hass);this.failure=this.context?t(`common.stale`,{error:Ue(this.hass,t,e)}):Ue(this.hass,t,e)}outdated(){let t=this.hass.panels[`niiza-cctv`]?.config?.bundle;return typeof t==`string`&&t!==e.bundle}here(){let e=this.context?.info.pages??[],[t=e[0]??``,n=``]=(this.route?.path??``).split(`/`).filter(Boolean),r=fi[t]??e[0];return r&&e.includes(r)?{page:r,name:t,id:decodeURIComponent(n)}:void 0}page(e,t){let{changes:n}=this;switch(t.name){case`case`:return C`<niiza-cctv-case .context=${e} .changes=${n} .caseId=${t.id}></niiza-cctv-case>`;case`new`:return C`<niiza-cctv-new .context=${e}></niiza-cctv-new>`;case`check`:return C`<niiza-cctv-check .context=${e} .changes=${n} .checkId=${t.id}></niiza-cctv-check>`;case`acceptance`:return C`<niiza-cctv-acceptance
          .context=${e}
          .changes=${n}
          .camera=${t.id}
        ></niiza-cctv-acceptance>`;case`settings`:if(t.id)return C`<niiza-cctv-settings-confirm
            .context=${e}
            .changes=${n}
            .token=${t.id}
          ></niiza-cctv-settings-confirm>`}return this.tab(e,t.page)}tab(e,t){let{changes:n}=this;switch(t){case`cases`:return C`<niiza-cctv-cases .context=${e} .changes=${n}></niiza-cctv-cases>`;case`checks`:return C`<niiza-cctv-checks .context=${e} .changes=${n}></niiza-cctv-checks>`;case`settings`:return C`<niiza-cctv-settings .context=${e} .changes=${n}></niiza-cctv-settings>`;case`ledger`:return C`<niiza-cctv-ledger .context=${e} .changes=${n}></niiza-cctv-ledger>`;case`people`:return C`<niiza-cctv-people .context=${e} .changes=${n}></niiza-cctv-people>`}}notHere({t:e,info:t}){let[n]=t.pages;return C`<div class="notice">
      <ha-alert alert-type="info">${e(`common.not_here`)}</ha-alert>
      ${n?C`<p><a class="button" href="${F}/${n}">${e(`nav.${n}`)}</a></p>`:T}
    </div>`}navigation(e,t){let n=N(this.hass);return e.length<2?T:C`<nav aria-label=${n(`nav.title`)}>
      ${e.map(e=>C`<a href="${F}/${e}" aria-current=${t?.page===e?`page`:T}
            ><ha-icon icon=${di[e]}></ha-icon><span>${n(`nav.${e}`)}</span></a
          >`)}
    </nav>`}outdatedNotice(){let e=N(this.hass);return C`<ha-alert alert-type="info"
      >${e(`common.outdated`)}
      <button
        slot="action"
        @click=${()=>{location.reload()}}
      >
        ${e(`common.reload`)}
      </button></ha-alert
    >`}async dismiss(e){try{await this.client?.dismissNotice(e),await this.readInfo()}catch(e){this.failed(e)}}told({info:e,clock:t,t:n}){return e.notices.map(({tag:e,title:r,message:i,path:a,at:o})=>C`<ha-alert alert-type="info" .title=${r}
          >${i} <a href=${a}>${n(`common.open`)}</a> <span class="small">${t.at(o)}</span>
          <button slot="action" @click=${()=>void this.dismiss(e)}>${n(`common.put_away`)}</button></ha-alert
        >`)}notices(){let e=N(this.hass);return C`<div class="notice" role="status">
      ${this.context?this.told(this.context):T}
      ${this.outdated()?this.outdatedNotice():T}
      ${this.failure?C`<ha-alert alert-type="error">${this.failure}</ha-alert>`:T}
      ${this.failure&&!this.context&&!this.refused?C`<p>
            <button @click=${()=>void this.begin()}>${e(`common.again`)}</button>
          </p>`:T}
      ${this.context&&!this.context.info.ledger.available?C`<ha-alert alert-type="error">${e(`common.ledger_down`)}</ha-alert>`:T}
    </div>`}render(){let{context:e}=this,t=this.here();return C`
      <header>
        <ha-menu-button .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>
        <div class="title">${N(this.hass)(`nav.title`)}</div>
        ${this.navigation(e?.info.pages??[],t)}
      </header>
      ${this.notices()}
      <main>${e?t?this.page(e,t):this.notHere(e):T}</main>
    `}},mi=[`viewer`,`exporter`,`approver`,`tablet`],hi=class extends L{static properties={...L.properties,appointments:{state:!0},mayDecline:{state:!0},alone:{state:!0},asked:{state:!0}};static styles=[j,o`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        border-bottom: 1px solid var(--divider-color);
        padding: 8px 0;
      }
    `];constructor(){super(),this.appointments=[],this.mayDecline=!1,this.alone=!1}async read(){let e=await this.context.api.people();this.appointments=e.appointments,this.mayDecline=e.may_decline,this.alone=e.nobody_may_confirm}async decide(){let{asked:e}=this;this.asked=void 0,e&&await this.attempt(`decide`,async()=>{let{api:t}=this.context,{number:n}=e.appointment;await(e.decision===`confirm`?t.confirmAppointment(n):t.declineAppointment(n)),await this.refresh()})}roleName(e){return this.context.t(`people.role_${e}`)}origin(e){let{t,clock:n}=this.context,r=n.at(e.named_at);return e.inherited?t(`people.inherited`,{at:r}):e.named_by?t(`people.named_by`,{person:e.named_by.name,at:r}):t(`people.named_outside`,{at:r})}person(e){let{t}=this.context;return C`<div class="row">
        <strong>${e.user.name}</strong>
        ${e.active?T:C`<span class="soft">${t(`people.inactive`)}</span>`}
      </div>
      <div class="soft small">${this.origin(e)}</div>
      ${e.confirmed_by?C`<div class="soft small">${t(`people.confirmed_by`,{person:e.confirmed_by.name})}</div>`:T}`}waiting(e){let{t,hass:n}=this.context,r=!!this.busy||!this.context.info.ledger.available;return C`<li>
      <div>${this.roleName(e.role)}</div>
      ${this.person(e)}
      ${e.why_not?C`<p class="soft small" id="why-${e.number}">${J(n,e.why_not,``)}</p>`:T}
      <div class="row">
        <button
          class="main"
          ?disabled=${r||!e.may_confirm}
          aria-describedby=${e.why_not?`why-${e.number}`:T}
          @click=${()=>{this.asked={appointment:e,decision:`confirm`}}}
        >
          <ha-icon icon="mdi:account-check"></ha-icon>${t(`people.confirm`)}
        </button>
        <button
          ?disabled=${r||!this.mayDecline}
          @click=${()=>{this.asked={appointment:e,decision:`decline`}}}
        >
          <ha-icon icon="mdi:account-cancel"></ha-icon>${t(`people.decline`)}
        </button>
      </div>
    </li>`}pending(){let{t:e}=this.context,t=this.appointments.filter(e=>!e.in_effect);return C`<ha-card>
      <h2>${e(`people.pending_heading`)}</h2>
      ${this.alone?C`<ha-alert alert-type="warning">${e(`people.alone`)}</ha-alert>`:T}
      ${t.length?C`<ul>
            ${t.map(e=>this.waiting(e))}
          </ul>`:C`<p class="soft">${e(`people.nobody_waits`)}</p>`}
    </ha-card>`}held(){let{t:e}=this.context;return C`<ha-card>
      <h2>${e(`people.held_heading`)}</h2>
      ${mi.map(t=>{let n=this.appointments.filter(e=>e.in_effect&&e.role===t);return C`<h3>${this.roleName(t)}</h3>
          ${n.length?C`<ul>
                ${n.map(e=>C`<li>${this.person(e)}</li>`)}
              </ul>`:C`<p class="soft">${e(`people.none`)}</p>`}`})}
    </ha-card>`}question(){let{t:e}=this.context;if(!this.asked)return T;let{appointment:t,decision:n}=this.asked,r={person:t.user.name,role:this.roleName(t.role)};return C`<niiza-cctv-dialog
      heading=${e(`people.${n}`)}
      @dismissed=${()=>{this.asked=void 0}}
    >
      <p>${e(`people.${n}_question`,r)}</p>
      <div class="row">
        <button class="main" @click=${()=>void this.decide()}>${e(`people.${n}`)}</button>
        <button
          @click=${()=>{this.asked=void 0}}
        >
          ${e(`common.back`)}
        </button>
      </div>
    </niiza-cctv-dialog>`}render(){let{t:e}=this.context;return C`<div class="page">
      <h1 tabindex="-1">${e(`people.heading`)}</h1>
      <p>${e(`people.help`)}</p>
      ${this.errorAlert(this.unread)} ${this.pending()} ${this.held()} ${this.errorAlert()} ${this.question()}
    </div>`}},gi=`#EXT-X-NIIZA-KEYS:`;function _i(e){let t=[],n=0,r=0,i=NaN;for(let a of e.split(/\r?\n/))a.startsWith(`#EXT-X-PROGRAM-DATE-TIME:`)?i=Date.parse(a.slice(25)):a.startsWith(`#EXTINF:`)?r=parseFloat(a.slice(8)):a&&!a.startsWith(`#`)&&(Number.isNaN(i)||t.push({offset:n,length:r,at:i}),n+=r,i+=r*1e3);return t}function vi(e){let t=[],n=[],r=0,i=0;for(let a of e.split(/\r?\n/))a.startsWith(`#EXTINF:`)?i=parseFloat(a.slice(8)):a.startsWith(gi)?t.push(...a.slice(18).split(`,`).map(e=>r+Number(e))):a&&!a.startsWith(`#`)&&(n.push(r),r+=i);return t.length?t:n}function yi(e,t){let n=e.findLast(e=>e.offset<=t)??e[0];return n?new Date(n.at+(t-n.offset)*1e3):null}function bi(e,t){let n=t.getTime();for(let t of e){if(n<t.at)return t.offset;if(n<t.at+t.length*1e3)return t.offset+(n-t.at)/1e3}let r=e.at(-1);return r?r.offset+r.length:0}function xi(e,t){let n=t.getTime();return e.some(e=>e.at<=n&&n<e.at+e.length*1e3)}var Si=`application/vnd.apple.mpegurl`,Ci=[-60,-10,-1,1,10,60],wi=[.25,.5,1,2,4,8,16],Ti=500,Ei=.5,Di=.002,Oi=`input:not([type=range]), select, textarea`,ki=class extends I{static properties={...I.properties,cameraName:{type:String},path:{state:!0},gaps:{state:!0},at:{state:!0},now:{state:!0},playing:{state:!0},fallback:{state:!0},full:{state:!0},speed:{state:!0},wanted:{state:!0},said:{state:!0}};static styles=[j,o`
      :host {
        display: grid;
        gap: 12px;
      }
      .screen {
        background: #000;
        border-radius: 12px;
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        overflow: hidden;
      }
      .picture {
        aspect-ratio: 16 / 9;
        inline-size: 100%;
        max-block-size: 70vh;
        overflow: hidden;
        position: relative;
      }
      .screen:fullscreen .picture {
        aspect-ratio: auto;
        block-size: 100%;
        max-block-size: none;
      }
      video,
      ha-hls-player {
        block-size: 100%;
        display: block;
        inline-size: 100%;
        object-fit: contain;
      }
      .strip {
        align-items: center;
        background: #111;
        color: #fff;
        display: flex;
        gap: 4px 12px;
        padding: 4px 8px;
      }
      .strip button {
        border-color: transparent;
        color: inherit;
        min-inline-size: 48px;
        padding: 0;
      }
      .screen:focus {
        outline: none;
      }
      .strip input {
        accent-color: var(--niiza-primary-surface);
        flex: 1;
        min-block-size: 48px;
        min-inline-size: 0;
      }
      .time {
        font-size: 1.3rem;
        font-variant-numeric: tabular-nums;
        font-weight: 500;
      }
      .jumps button {
        min-inline-size: 64px;
        padding-inline: 10px;
      }
      .timeline {
        cursor: pointer;
        /* As high as a finger is wide. */
        padding-block: 14px;
        touch-action: manipulation;
      }
      select,
      #moment {
        inline-size: auto;
      }
      .keys summary {
        cursor: pointer;
        min-block-size: 40px;
      }
      kbd {
        border: 1px solid var(--divider-color);
        border-radius: 4px;
        font: inherit;
        padding-inline: 6px;
      }
    `];keys=[];picture;moments=[];openedFor=``;looking;constructor(){super(),this.path=``,this.gaps=[],this.at=null,this.now=/* @__PURE__ */ new Date,this.playing=!1,this.fallback=!1,this.full=!1,this.speed=1,this.wanted=``,this.said=``,this.addEventListener(`keydown`,this.pressed)}connectedCallback(){super.connectedCallback(),this.looking=setInterval(this.look,Ti)}disconnectedCallback(){clearInterval(this.looking),super.disconnectedCallback()}willUpdate(){let e=this.subject();e!==this.openedFor&&(this.openedFor=e,this.open())}async open(){this.path=``,this.at=null,this.said=``,await this.attempt(`open`,async()=>{let{url:e,codec:t,gaps:n}=await this.source();if(t&&!Ai(t))throw new M(this.unplayable());let r=await fetch(e);if(!r.ok)throw new M(`watch.refused`,{status:r.status});let i=await r.text();if(this.moments=_i(i),this.keys=vi(i),!document.createElement(`video`).canPlayType(Si)&&(this.fallback=await ji(),!this.fallback))throw new M(`watch.no_hls`);this.gaps=n,this.path=e,await this.updateComplete,this.follow(),this.scrollIntoView({block:`nearest`})})}broken(e){this.error=this.context.t(this.brokenWords(e.target.error?.code))}video(){let e=this.renderRoot.querySelector(`video, ha-hls-player`);return e instanceof HTMLVideoElement?e:e?.shadowRoot?.querySelector(`video`)??null}look=()=>{this.path&&(this.now=/* @__PURE__ */ new Date,this.moved())};moved(){let e=this.video();e&&(e.disablePictureInPicture=!0,e.disableRemotePlayback=!0,this.playing=!e.paused,e.playbackRate!==this.speed&&this.setRate(this.speed),this.at=yi(this.moments,this.position(e)),this.looked())}looked(){}position(e){let{picture:t}=this;return t?.of===e&&Math.abs(t.time-e.currentTime)<1&&!e.seeking?t.time:e.currentTime}follow(){let e=this.video();if(!e||!(`requestVideoFrameCallback`in e))return;let t=(n,{mediaTime:r})=>{this.picture={of:e,time:r},e.paused&&this.moved(),e.requestVideoFrameCallback(t)};e.requestVideoFrameCallback(t)}jump(e){let t=this.video();t&&this.seek(Math.max(0,t.currentTime+e))}toKey(e){let t=this.video();if(!t)return;let n=this.position(t),r=t.paused?2*Di:Ei,i=e?this.keys.find(e=>e>n+2*Di):this.keys.findLast(e=>e<n-r);i!==void 0&&this.seek(i+Di)}goTo(e){e.preventDefault();let{t,clock:n}=this.context,r=this.renderRoot.querySelector(`#moment`)?.value??``,i=n.moment(r);if(this.wanted=``,!i)return;let a=bi(this.moments,i);this.seek(a+Di);let o=yi(this.moments,a);this.said=xi(this.moments,i)||!o?``:t(`watch.no_picture_then`,{wanted:n.at(i),shown:n.at(o)})}toggle(){let e=this.video();e&&(e.paused?e.play():e.pause(),this.playing=!e.paused)}seek(e){let t=this.video();t&&(this.said=``,this.left(),t.currentTime=e)}left(){}point(e){let t=e.currentTarget.getBoundingClientRect();if(!t.width)return;let{start:n,end:r}=this.span(),i=new Date(n).getTime(),a=new Date(r).getTime(),o=new Date(i+(a-i)*(e.clientX-t.left)/t.width);this.seek(bi(this.moments,o))}setSpeed(e){this.video()&&(this.moved(),this.said=``,this.setRate(e))}setRate(e){let t=this.video();if(!t)return;let n=t.playbackRate;try{t.playbackRate=e}catch{t.playbackRate=n}this.speed=t.playbackRate,this.speed!==e&&(this.said=this.context.t(`watch.speed_refused`,{speed:e}))}faster(e){let t=wi[wi.indexOf(this.speed)+e];t!==void 0&&this.setSpeed(t)}shortcut(e,t){switch(e){case` `:case`k`:return this.toggle.bind(this);case`ArrowLeft`:return this.jump.bind(this,t?-60:-10);case`ArrowRight`:return this.jump.bind(this,t?60:10);case`Home`:return this.seek.bind(this,0);case`End`:return this.seek.bind(this,Math.max(0,this.length()-1));case`,`:case`.`:return this.toKey.bind(this,e===`.`);case`-`:case`+`:return this.faster.bind(this,e===`+`?1:-1);case`f`:return document.fullscreenEnabled?this.toggleFull.bind(this):void 0;default:return}}pressed=e=>{let[t]=e.composedPath();if(!this.path||e.ctrlKey||e.metaKey||e.altKey||!(t instanceof HTMLElement)||t.matches(Oi)||e.key===` `&&t.matches(`button, summary`))return;let n=this.shortcut(e.key,e.shiftKey);n&&(e.preventDefault(),e.stopPropagation(),n())};length(){let e=this.moments.at(-1);return e?e.offset+e.length:0}toggleFull(){document.fullscreenElement?document.exitFullscreen():this.renderRoot.querySelector(`.screen`)?.requestFullscreen()}controls(){return T}marked(){}keysShown(){return[[`Space / K`,`watch.key_play`],[`← / →`,`watch.key_ten`],[`Shift + ← / →`,`watch.key_minute`],[`, / .`,`watch.key_key`],[`- / +`,`watch.key_speed`],[`Home / End`,`watch.key_ends`],[`F`,`watch.key_full`]]}pictureShown(){return this.fallback?C`<ha-hls-player
          .hass=${this.context.hass}
          .url=${this.path}
          .controls=${!1}
          .muted=${!0}
          .playsInline=${!0}
          .autoPlay=${!0}
        ></ha-hls-player>`:C`<video
          src=${this.path}
          autoplay
          muted
          playsinline
          disablepictureinpicture
          disableremoteplayback
          controlslist="nodownload nofullscreen noremoteplayback"
          aria-label=${this.label()}
          @timeupdate=${this.moved}
          @seeked=${this.moved}
          @play=${this.moved}
          @pause=${this.moved}
          @ended=${this.moved}
          @error=${this.broken}
        ></video>`}screen(){let{clock:e,info:t}=this.context;return C`<div
      class="screen"
      tabindex="-1"
      @fullscreenchange=${()=>{this.full=document.fullscreenElement!==null}}
    >
      <div
        class="picture"
        @contextmenu=${e=>{e.preventDefault()}}
      >
        ${this.pictureShown()}
        <niiza-cctv-overlay
          .text=${`${t.user.name} ${e.at(this.now)}`}
          .seconds=${Math.floor(this.now.getTime()/1e3)}
        ></niiza-cctv-overlay>
      </div>
      ${this.strip()}
    </div>`}strip(){let{t:e,clock:t}=this.context;return C`<div class="strip">
      <button type="button" aria-label=${e(this.playing?`watch.pause`:`watch.play`)} @click=${this.toggle}>
        <ha-icon icon=${this.playing?`mdi:pause`:`mdi:play`}></ha-icon>
      </button>
      <input
        type="range"
        min="0"
        max=${this.length()}
        step="any"
        aria-label=${e(`watch.position`)}
        aria-valuetext=${this.at?t.at(this.at):`–`}
        .value=${String(this.video()?.currentTime??0)}
        @input=${e=>{this.seek(Number(e.target.value))}}
      />
      ${document.fullscreenEnabled?C`<button
            type="button"
            aria-label=${e(this.full?`watch.leave_full`:`watch.full`)}
            @click=${this.toggleFull}
          >
            <ha-icon icon=${this.full?`mdi:fullscreen-exit`:`mdi:fullscreen`}></ha-icon>
          </button>`:T}
    </div>`}timeAndSpeed(){let{t:e,clock:t}=this.context;return C`<div class="row spread">
      <span class="time" aria-label=${e(`watch.clock`)} role="timer">${this.at?t.tenths(this.at):`–`}</span>
      <span class="row">
        <label for="speed">${e(`watch.speed`)}</label>
        <select
          id="speed"
          @change=${e=>{this.setSpeed(Number(e.target.value))}}
        >
          ${wi.map(e=>C`<option value=${e} ?selected=${e===this.speed}>×${e}</option>`)}
        </select>
      </span>
    </div>`}keyButton(e){let t=this.context.t(e?`watch.next_key`:`watch.last_key`);return C`<button
      type="button"
      aria-label=${t}
      title=${t}
      @click=${()=>{this.toKey(e)}}
    >
      <ha-icon icon=${e?`mdi:skip-next`:`mdi:skip-previous`}></ha-icon>
    </button>`}goToForm(){let{t:e,clock:t}=this.context,{start:n,end:r}=this.span();return C`<form class="row" @submit=${this.goTo}>
      <label for="moment">${e(`watch.go_to`)}</label>
      <input
        id="moment"
        type="datetime-local"
        step="1"
        min=${t.field(n)}
        max=${t.field(r)}
        .value=${this.wanted||(this.at?t.field(this.at):``)}
        @input=${e=>{this.wanted=e.target.value}}
      />
      <button type="submit" formnovalidate>${e(`watch.go`)}</button>
    </form>`}keysHelp(){let{t:e}=this.context;return C`<details class="keys small">
      <summary>${e(`watch.keys`)}</summary>
      <dl>
        ${this.keysShown().map(([t,n])=>C`<dt><kbd>${t}</kbd></dt>
              <dd>${e(n)}</dd>`)}
      </dl>
    </details>`}jumpButton(e){let{t}=this.context,n=e<0?`−`:`+`,r=Math.abs(e);return C`<button
      type="button"
      @click=${()=>{this.jump(e)}}
    >
      ${r<60?t(`watch.seconds`,{seconds:`${n}${r}`}):t(`watch.minutes`,{minutes:`${n}${r/60}`})}
    </button>`}below(){let{t:e}=this.context;return C`
      <div class="timeline" @pointerdown=${this.point}>
        ${Xt(e,this.span(),this.gaps,this.at?.toISOString(),this.marked())}
      </div>
      ${this.timeAndSpeed()}
      <div class="row jumps" role="group" aria-label=${e(`watch.jump`)}>
        ${this.keyButton(!1)} ${Ci.map(e=>this.jumpButton(e))} ${this.keyButton(!0)}
      </div>
      ${this.goToForm()}
      <div class="small" role="status">${this.said}</div>
      ${this.controls()} ${this.keysHelp()}
    `}render(){let{t:e}=this.context;return C`
      <p class="small soft">${e(`watch.recorded`)}</p>
      ${this.busy?C`<p role="status">${e(`common.loading`)}</p>`:T}
      ${this.errorAlert()}
      ${this.error&&!this.refused?C`<p><button type="button" @click=${()=>void this.open()}>${e(`common.again`)}</button></p>`:T}
      ${this.path?C`${this.screen()}${this.below()}`:T}
    `}};function Ai(e){return e!==`hevc`||document.createElement(`video`).canPlayType(`video/mp4; codecs="hvc1.1.6.L93.B0"`)!==``}async function ji(){if(customElements.get(`ha-hls-player`))return!0;let e=window.loadCardHelpers;return(await e?.())?.createCardElement({type:`picture-entity`,entity:`camera.none`}),Promise.race([customElements.whenDefined(`ha-hls-player`).then(()=>!0),new Promise(e=>setTimeout(e,5e3,!1))])}var Mi=.75,Ni=100,Pi=class{last;played=/* @__PURE__ */ new Map;look(e){let{last:t}=this;if(this.last=e,!t?.playing)return;let n=e.position-t.position,r=(e.now-t.now)/1e3*t.rate*1.25+Mi;n>0&&n<=r&&this.add(t.rate,[Fi(t.position),Fi(e.position)])}jumped(){this.last=void 0}take(){let e=[...this.played].map(([e,t])=>({speed:e,reaches:t}));return this.played.clear(),e}putBack(e){for(let{speed:t,reaches:n}of e)for(let e of n)this.add(t/100,e)}add(e,t){let n=Math.round(e*100),r=this.played.get(n)??[],i=r.at(-1);i&&i[1]>=t[0]&&i[0]<=t[0]?i[1]=Math.max(i[1],t[1]):r.length<Ni&&r.push(t),this.played.set(n,r)}};function Fi(e){return Math.max(0,Math.round(e*1e3))}var Ii=5e3,Li=2,Ri=class extends ki{static properties={...ki.properties,clip:{type:String},cuttable:{type:Boolean},covered:{type:Boolean},from:{state:!0},to:{state:!0},watched:{state:!0},uncounted:{state:!0}};reaches={start:``,end:``};played=new Pi;toldAt=0;telling=!1;constructor(){super(),this.cuttable=!1,this.covered=!1,this.from=null,this.to=null,this.uncounted=``}updated(e){e.has(`covered`)&&this.covered&&this.video()?.pause()}disconnectedCallback(){super.disconnectedCallback(),this.tell()}subject(){return this.clip}async source(){let e=await this.context.api.watchClip(this.clip);return this.reaches={start:e.start,end:e.end},e}span(){return this.reaches}label(){return this.context.t(`watch.label_sealed`,{camera:this.cameraName})}broken(e){super.broken(e),this.path=``}unplayable(){return`watch.cannot_play_sealed`}brokenWords(e){return e===MediaError.MEDIA_ERR_DECODE?this.unplayable():`watch.broken_sealed`}looked(){let e=this.video();if(!e)return;let t=performance.now();e.seeking||document.visibilityState===`hidden`?this.played.jumped():this.played.look({position:e.currentTime,rate:e.playbackRate,playing:!e.paused,now:t}),(e.paused||t-this.toldAt>=Ii)&&this.tell()}left(){this.looked(),this.played.jumped()}async tell(){if(this.telling)return;let{clip:e}=this,t=this.played.take();if(t.length){this.telling=!0,this.toldAt=performance.now();try{for(let n of[...t])this.counted(e,await this.context.api.tellWatched(e,n)),t=t.slice(1);this.uncounted=``}catch(e){this.uncounted=this.wording(e),this.played.putBack(t)}finally{this.telling=!1}}}counted(e,t){this.watched=t;let n={clip:e,watched:t};this.dispatchEvent(new CustomEvent(`watched-counted`,{detail:n,bubbles:!0,composed:!0}))}watchedShown(){let{t:e}=this.context;return C`<p class="small with-icon">
        <ha-icon icon="mdi:eye-check"></ha-icon>
        <span class="watched">${this.watched?Sn(e,this.watched):e(`watch.counting`)}</span>
      </p>
      ${this.uncounted?C`<ha-alert alert-type="warning">${e(`watch.uncounted`,{error:this.uncounted})}</ha-alert>`:T}`}mark(e){let{at:t}=this;if(!t)return;this[e]=t;let{from:n,to:r}=this;if(!n||!r)return;if(n>r){this[e===`from`?`to`:`from`]=null;return}let{clock:i}=this.context,a=new Date(r.getTime()+Li),o={clip:this.clip,start:i.iso(n),end:i.iso(a)};this.dispatchEvent(new CustomEvent(`cut-marked`,{detail:o,bubbles:!0,composed:!0}))}marked(){if(this.cuttable&&(this.from??this.to))return{start:this.from?.toISOString()??null,end:this.to?.toISOString()??null}}shortcut(e,t){return this.cuttable&&(e===`i`||e===`o`)?this.mark.bind(this,e===`i`?`from`:`to`):super.shortcut(e,t)}keysShown(){return[...super.keysShown(),...this.cuttable?[[`I / O`,`watch.key_mark`]]:[]]}markButton(e){let{t,clock:n}=this.context,r=this[e];return C`<span class="row">
      <button
        type="button"
        ?disabled=${!this.at}
        @click=${()=>{this.mark(e)}}
      >
        <ha-icon icon=${e===`from`?`mdi:ray-start-arrow`:`mdi:ray-end`}></ha-icon>
        ${t(e===`from`?`watch.mark_from`:`watch.mark_to`)}
      </button>
      <span class="small">${r?n.tenths(r):t(`watch.not_marked`)}</span>
    </span>`}marks(){return C`<div class="row" role="group" aria-label=${this.context.t(`watch.marks`)}>
      ${this.markButton(`from`)} ${this.markButton(`to`)}
    </div>`}controls(){return C`${this.cuttable?this.marks():T} ${this.watchedShown()}`}},zi=`24`,Bi=336,Vi=class extends L{static properties={...L.properties,known:{state:!0},opened:{state:!0},asked:{state:!0},resolution:{state:!0},hours:{state:!0},clockBy:{state:!0},server:{state:!0}};static styles=[j,o`
      .page {
        max-width: 860px;
      }
      .open {
        border: 0;
        inline-size: 100%;
        justify-content: space-between;
        padding-inline: 0;
        text-align: start;
      }
      .open h2 {
        margin: 0;
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      form {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 12px;
        margin-block-start: 20px;
        padding-block-start: 20px;
      }
      form p {
        margin: 0;
      }
      form > button {
        justify-self: start;
      }
      .hours input:not([type="radio"]) {
        inline-size: 7rem;
      }
      @media (max-width: 600px) {
        form > button {
          justify-self: stretch;
        }
      }
    `];constructor(){super(),this.opened=new URLSearchParams(location.search).get(`camera`)??``,this.resolution=`everyday`,this.hours=zi,this.clockBy=`ntp`,this.server=``}async read(){let e=this.known===void 0;this.known=await this.context.api.cameraSettings(),e&&this.opened&&this.ask(this.opened)}toggle(e){this.error=``,this.opened=this.opened===e?``:e,this.opened&&this.ask(e)}async ask(e){this.asked=void 0,await this.attempt(`ask`,async()=>{let{cameras:t}=await this.context.api.cameraSettings(e),[n]=t;if(n?.camera!==this.opened)return;this.asked=n,this.resolution=n.resolution.within_limit===!1||n.raised?`everyday`:`evidence`,this.hours=zi;let{ntp:r}=n.clock;this.server=r&&r!==`dhcp`?r:``})}async request(e,t,n){e.preventDefault(),W(e.target)&&await this.attempt(t,async()=>{let{link:e}=await n();We(e.slice(F.length+1))})}chip(e,t){let[n,r,i]=t;return C`<span class="chip ${e===!1?`risk`:e===null?`done`:``}"
      ><ha-icon icon=${e===null?`mdi:help-circle`:e?`mdi:check-circle`:`mdi:alert-circle`}></ha-icon>${e===null?i:e?n:r}</span
    >`}chips(e){let{t}=this.context,n=e.audio.disabled??null;return C`<p class="chips">
      ${this.chip(n===!1&&e.audio.allowed?!0:n,[t(n?`settings.audio_off`:`settings.audio_allowed`),t(`settings.audio_on`),t(`settings.audio_unknown`)])}
      ${this.chip(e.resolution.within_limit,[X(t,e.resolution.now),t(`settings.size_high`,{size:X(t,e.resolution.now)}),t(`settings.size_unknown`)])}
      ${this.chip(e.clock.problem===null?null:!e.clock.problem,[t(`settings.clock_right`),Z(t,e.clock.offset),t(`settings.clock_unknown`)])}
    </p>`}raised(e){let{t,clock:n}=this.context,{raised:r}=e;if(!r)return T;let i={at:n.at(r.until),size:X(t,r.after),person:r.by?.name??t(`history.nobody`)};return C`<ha-alert alert-type=${r.over?`warning`:`info`}
      >${t(r.over?`settings.raised_over`:`settings.raised`,i)}
      ${r.certain?T:t(`settings.raised_uncertain`)}</ha-alert
    >`}button(e,t,n){let{t:r}=this.context;return C`<button type="submit" ?disabled=${!!this.busy}>
      <ha-icon icon=${t}></ha-icon>${this.busy===e?r(`settings.asking`):n}
    </button>`}audio(e){let{t,clock:n,api:r}=this.context,{disabled:i,allowed:a,on_card_until:o}=e.audio,s=a?`settings.audio_allowed`:`settings.audio_on`;return C`<form
      @submit=${t=>void this.request(t,`audio`,()=>r.switchAudioOff(e.camera))}
    >
      <h3>${t(`settings.audio`)}</h3>
      <p>${t(i===null?`settings.audio_unknown`:i?`settings.audio_off`:s)}</p>
      ${o?C`<p class="soft">${t(`settings.on_card_until`,{at:n.at(o)})}</p>`:T}
      ${this.button(`audio`,`mdi:microphone-off`,t(`settings.do_audio`))}
    </form>`}choice(e,t,n,r){return C`<label class="choice"
      ><input type="radio" name=${e} .checked=${t} @change=${r} />${n}</label
    >`}sizeChoice(e,{resolution:t}){let{t:n}=this.context,r=n(`settings.${e}`,{size:X(n,t[e])});return this.choice(`resolution`,this.resolution===e,r,()=>{this.resolution=e})}hoursField(){let{t:e}=this.context,t={name:`hours`,className:`hours`,label:e(`settings.hours`),help:e(`settings.hours_help`,{longest:Bi})};return H(e,t,C`<input
        id="hours"
        type="number"
        inputmode="numeric"
        min="1"
        max=${Bi}
        step="1"
        required
        aria-describedby=${V(t)}
        .value=${dt(this.hours)}
        @input=${e=>{this.hours=e.target.value}}
      />`)}async requestSize(e,t){let n=this.resolution===`evidence`?Number(this.hours):void 0;await this.request(e,`resolution`,()=>this.context.api.setResolution(t,this.resolution,n))}size(e){let{t}=this.context,{now:n,recorded:r}=e.resolution;return C`<form novalidate @submit=${t=>void this.requestSize(t,e.camera)}>
      <h3>${t(`settings.resolution`)}</h3>
      <p>
        ${t(`settings.size_now`,{size:X(t,n)})}
        ${r===!1?C`<span class="soft small">${t(`settings.size_assumed`)}</span>`:T}
      </p>
      <fieldset>
        <legend>${t(`settings.resolution_to`)}</legend>
        <div class="choices">${this.sizeChoice(`everyday`,e)} ${this.sizeChoice(`evidence`,e)}</div>
      </fieldset>
      ${this.resolution===`evidence`?this.hoursField():T}
      ${this.button(`resolution`,`mdi:image-size-select-large`,t(`settings.do_resolution`))}
    </form>`}clockChoice(e){let t=this.context.t(e===`ntp`?`settings.clock_ntp`:`settings.clock_here`);return this.choice(`clock`,this.clockBy===e,t,()=>{this.clockBy=e})}serverField(){let{t:e}=this.context,t={name:`ntp`,label:e(`settings.ntp`),help:e(`settings.ntp_help`),required:!0};return H(e,t,C`<input
        id="ntp"
        type="text"
        inputmode="url"
        maxlength="253"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        required
        aria-describedby=${V(t)}
        .value=${this.server}
        @input=${e=>{this.server=e.target.value}}
      />`)}async requestClock(e,t){let n=this.clockBy===`ntp`?this.server.trim():``;await this.request(e,`clock`,()=>this.context.api.setClock(t,n))}clock(e){let{t}=this.context,{mode:n,ntp:r,offset:i}=e.clock;return C`<form novalidate @submit=${t=>void this.requestClock(t,e.camera)}>
      <h3>${t(`settings.clock`)}</h3>
      <p>${t(`settings.clock_now`,{mode:bn(t,n,r),offset:Z(t,i)})}</p>
      <fieldset>
        <legend>${t(`settings.clock_to`)}</legend>
        <div class="choices">${this.clockChoice(`ntp`)} ${this.clockChoice(`here`)}</div>
      </fieldset>
      ${this.clockBy===`ntp`?this.serverField():T}
      ${this.button(`clock`,`mdi:clock-edit`,t(`settings.do_clock`))}
    </form>`}closeLook(e){let{t,hass:n}=this.context;if(this.busy===`ask`)return C`<p role="status">${t(`settings.asking`)}</p>`;let{asked:r}=this;return r?C`
      ${r.error?C`<ha-alert alert-type="warning">${J(n,r.error,e.name)}</ha-alert>`:T}
      ${this.known?.may?C`${this.audio(r)} ${this.size(r)} ${this.clock(r)}`:C`<p class="soft">${t(`settings.may_not`)}</p>`}
    `:T}camera(e){let{t}=this.context,n=this.opened===e.camera;return C`<ha-card>
      <button
        type="button"
        class="open"
        aria-expanded=${n}
        @click=${()=>{this.toggle(e.camera)}}
      >
        <h2 class="with-icon"><ha-icon icon="mdi:cctv"></ha-icon>${e.name}</h2>
        <ha-icon icon=${n?`mdi:chevron-up`:`mdi:chevron-down`}></ha-icon>
      </button>
      ${this.chips(e)} ${this.raised(e)}
      ${n?C`${this.closeLook(e)} ${this.errorAlert()}
            <p>
              <a class="button" href="${F}/acceptance/${encodeURIComponent(e.camera)}"
                ><ha-icon icon="mdi:clipboard-check-outline"></ha-icon>${t(`acceptance.open`)}</a
              >
            </p>`:T}
    </ha-card>`}render(){let{t:e}=this.context,t=this.known?.cameras??[];return C`<div class="page">
      <h1 tabindex="-1">${e(`settings.heading`)}</h1>
      <p>${e(`settings.help`)}</p>
      ${this.errorAlert(this.unread)}
      ${this.known?T:C`<p role="status">${e(`common.loading`)}</p>`}
      ${Ar(t,e=>e.camera,e=>this.camera(e))}
      ${this.known&&!t.length?C`<p class="soft">${e(`settings.none`)}</p>`:T}
    </div>`}},Hi=class extends L{static properties={...L.properties,token:{type:String},request:{state:!0},done:{state:!0},username:{state:!0}};static styles=[j,o`
      .page {
        max-width: 760px;
      }
      form {
        display: grid;
        gap: 16px;
      }
      form button {
        min-block-size: 56px;
      }
      ha-alert {
        display: block;
        margin-block-end: 8px;
      }
      dl {
        margin-block-end: 16px;
      }
      .after {
        font-weight: 500;
      }
    `];constructor(){super(),this.token=``,this.username=``}disconnectedCallback(){super.disconnectedCallback(),this.clearPassword()}willUpdate(e){e.has(`token`)&&(this.clearPassword(),this.username=``,this.request=void 0,this.done=void 0,this.refresh()),super.willUpdate(e)}async read(){if(this.done?.done)return;let{token:e}=this;try{let t=await this.context.api.settingsRequest(e);e===this.token&&(this.request=t)}catch(t){throw e===this.token&&(this.request=void 0),t}}passwordField(){return this.renderRoot.querySelector(`#camera-secret`)}clearPassword(){let e=this.hasUpdated?this.passwordField():null;e&&(e.value=``)}async submit(e){e.preventDefault();let t=this.passwordField();W(e.target)&&t&&(this.done=void 0,await this.attempt(`send`,async()=>{let e=Ve(this.context.hass,this.token,this.username.trim(),t.value);this.clearPassword();let n=await e.catch(()=>{throw new M(`settings.no_answer`)});`done`in n?this.done=n:this.error=n.message}),await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#outcome`)?.focus())}values(e,t){let{t:n,clock:r}=this.context;return C`<dl>
      <dt>${n(t?`settings.before`:`fields.before`)}</dt>
      <dd>${xn(n,e.before,!0)}</dd>
      ${e.after?C`<dt>${n(t?`settings.after_asked`:`settings.after_read`)}</dt>
            <dd class="after">${xn(n,e.after)}</dd>`:T}
      ${e.until?C`<dt>${n(`settings.until`)}</dt>
            <dd>${r.at(e.until)}</dd>`:T}
    </dl>`}outcomeWords(e,t){return t?e.changed?`settings.done`:`settings.done_already`:e.done===null?`settings.nobody_knows`:`settings.not_done`}outcome(e){let{t}=this.context,n=e.done===!0&&e.verified;return C`<ha-card id="outcome" tabindex="-1">
      <h2 class="with-icon">
        <ha-icon icon=${n?`mdi:check-decagram`:`mdi:alert-octagon`}></ha-icon>${t(this.outcomeWords(e,n))}
      </h2>
      <ha-alert alert-type=${n?`success`:`error`} role="status">${e.message}</ha-alert>
      ${this.values(e,!1)}
      ${e.remains.map(e=>C`<ha-alert alert-type="info">${e.text}</ha-alert>`)}
      ${e.recorded?T:C`<ha-alert alert-type="warning">${t(`settings.recorded_later`)}</ha-alert>`}
    </ha-card>`}usernameInput(e){let{t}=this.context,n={name:`camera-user`,label:t(`settings.username`),help:t(`settings.username_help`),required:!0};return H(t,n,C`<input
        id="camera-user"
        type="text"
        maxlength="64"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        required
        ?disabled=${e}
        aria-describedby=${V(n)}
        .value=${this.username}
        @input=${e=>{this.username=e.target.value}}
      />`)}passwordInput(e){let{t}=this.context;return H(t,{name:`camera-secret`,label:t(`settings.password`),required:!0},C`<input
        id="camera-secret"
        type="password"
        maxlength="256"
        autocomplete="new-password"
        autocapitalize="none"
        spellcheck="false"
        data-1p-ignore
        data-lpignore="true"
        data-bwignore
        required
        ?disabled=${e}
      />`)}form({expires:e,tries_left:t}){let{t:n,clock:r}=this.context,i=this.busy===`send`;return C`<form autocomplete="off" novalidate @submit=${this.submit}>
      <p>${n(`settings.password_help`)}</p>
      ${this.usernameInput(i)} ${this.passwordInput(i)} ${this.errorAlert()}
      <button type="submit" class="main" ?disabled=${!!this.busy}>
        <ha-icon icon="mdi:lock-open-check"></ha-icon>${n(i?`settings.sending`:`settings.send`)}
      </button>
      <p class="soft small" role="status">
        ${n(i?`settings.sending_help`:`settings.expires`,{at:r.at(e),tries:t})}
      </p>
    </form>`}question(e){let{t}=this.context;return C`<ha-card>
      <h2>${t(`settings.ask_${e.setting}`)}</h2>
      ${this.values(e,!0)}
      ${e.already?C`<ha-alert alert-type="info">${t(`settings.already`)}</ha-alert>`:T}
      ${e.warnings.map(e=>C`<ha-alert alert-type="warning">${e.text}</ha-alert>`)}
      ${this.form(e)}
    </ha-card>`}unknown(){return this.unread?this.errorAlert(this.unread):C`<p role="status">${this.context.t(`common.loading`)}</p>`}render(){let{t:e}=this.context,{request:t,done:n}=this,r=t?.camera_name;return C`<div class="page">
      <p><a class="with-icon" href="${F}/settings"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`settings.back`)}</a></p>
      <h1 tabindex="-1">${r?e(`settings.of`,{camera:r}):e(`settings.heading`)}</h1>
      ${n?this.outcome(n):T}
      ${t&&!n?.done?this.question(t):T}
      ${t||n?T:this.unknown()}
    </div>`}},Ui=class extends ki{static properties={...ki.properties,camera:{type:String},start:{type:String},end:{type:String},pick:{type:Boolean},kept:{type:Boolean}};constructor(){super(),this.pick=!1,this.kept=!1}subject(){return this.camera}source(){return this.context.api.playback(this.camera,this.start,this.end)}span(){return{start:this.start,end:this.end}}label(){return this.context.t(`watch.label`,{camera:this.cameraName})}unplayable(){return this.kept?`watch.cannot_play_kept`:`watch.cannot_play`}brokenWords(e){return e===MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED||e===MediaError.MEDIA_ERR_DECODE?this.unplayable():`watch.broken`}pickEdge(e){this.at&&this.dispatchEvent(new CustomEvent(`picked`,{detail:{edge:e,at:this.at}}))}controls(){return this.pick?C`<div class="row">${[`start`,`end`].map(e=>this.edgeButton(e))}</div>`:T}edgeButton(e){return C`<button
      type="button"
      ?disabled=${!this.at}
      @click=${()=>{this.pickEdge(e)}}
    >
      <ha-icon icon=${e===`start`?`mdi:ray-start-arrow`:`mdi:ray-end`}></ha-icon>
      ${this.context.t(e===`start`?`watch.take_start`:`watch.take_end`)}
    </button>`}};await customElements.whenDefined(`home-assistant`);for(let[e,t]of Object.entries({"niiza-cctv-dialog":ni,"niiza-cctv-overlay":li,"niiza-cctv-watch":Ui,"niiza-cctv-sealed":Ri,"niiza-cctv-acceptance":Qe,"niiza-cctv-by-hand":Et,"niiza-cctv-passage":Lr,"niiza-cctv-cases":Vr,"niiza-cctv-new":oi,"niiza-cctv-case-clip":Zn,"niiza-cctv-case-cut":Bn,"niiza-cctv-cut-form":ti,"niiza-cctv-case-package":Qn,"niiza-cctv-case-release":rr,"niiza-cctv-case-step":Br,"niiza-cctv-case":Nn,"niiza-cctv-check-form":$r,"niiza-cctv-checks":ei,"niiza-cctv-check":Ur,"niiza-cctv-ledger":ri,"niiza-cctv-settings":Vi,"niiza-cctv-settings-confirm":Hi,"niiza-cctv-people":hi,"niiza-cctv-panel":pi}))customElements.get(e)||customElements.define(e,t);pi.bundle=new URL(import.meta.url).pathname.split(`/`).at(-2)??``,Or();